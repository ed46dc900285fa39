from django.urls import path

from whitelist.accounts import pages

urlpatterns = [
    path("me/password/", pages.PasswordChangePage.as_view(), name="password-change"),
    path("sign-in/", pages.SignInPage.as_view(), name="sign-in"),
    path("sign-out/", pages.SignOutPage.as_view(), name="sign-out"),
    path("tokens/<int:pk>/revoke/", pages.TokenRevokePage.as_view(), name="token-revoke"),
    path("users/", pages.UserListPage.as_view(), name="user-list"),
    path("users/add/", pages.UserAddPage.as_view(), name="user-add"),
    path("users/<int:pk>/", pages.UserDetailPage.as_view(), name="user-detail"),
    path("users/<int:pk>/password/", pages.UserPasswordPage.as_view(), name="user-password"),
    path("users/<int:pk>/tokens/add/", pages.TokenAddPage.as_view(), name="token-add"),
]
