"""The addresses of recognition."""

from django.urls import path

from enterprises.recognition import pages

urlpatterns = [
    path("recognitions/", pages.RecognitionListPage.as_view(), name="recognition-list"),
    path("recognitions/add/", pages.ProposePage.as_view(), name="recognition-add"),
    path("recognitions/matrix/", pages.MatrixPage.as_view(), name="recognition-matrix"),
    path("recognitions/<int:pk>/", pages.RecognitionPage.as_view(), name="recognition-detail"),
    path("recognitions/<int:pk>/accept/", pages.AcceptPage.as_view(), name="recognition-accept"),
    path("recognitions/<int:pk>/withdraw/", pages.WithdrawPage.as_view(), name="recognition-withdraw"),
    path("recognitions/<int:pk>/exceptions/add/", pages.ExceptionAddPage.as_view(), name="recognition-except"),
    path(
        "recognitions/<int:pk>/exceptions/<int:exception>/end/",
        pages.ExceptionEndPage.as_view(),
        name="recognition-exception-end",
    ),
    path("recognised/", pages.EffectiveListPage.as_view(), name="recognised-list"),
    path("recognised/ask/", pages.QuestionPage.as_view(), name="recognised-ask"),
]
