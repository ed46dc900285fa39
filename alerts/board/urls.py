from django.urls import path

from alerts.board.pages import BoardPage

urlpatterns = [path("", BoardPage.as_view(), name="home")]
