"""The addresses that belong to no door."""

from django.urls import path

from qianan.doors.kit import claims, help, inbox, joining, pages, photos, profile

app_name = "kit"

urlpatterns = [
    path("", pages.home, name="home"),
    path("lang/", pages.lang, name="lang"),
    path("seats/", pages.seats, name="seats"),
    path("seats/<uuid:id>/take/", pages.take_seat, name="seat_take"),
    path("seats/<uuid:id>/leave/", pages.leave_seat, name="seat_leave"),
    path("inbox/", inbox.index, name="inbox"),
    path("inbox/<uuid:id>/", inbox.letter, name="letter"),
    path("profile/", profile.page, name="profile"),
    path("profile/number/", profile.number, name="number"),
    path("profile/password/", profile.password, name="password"),
    path("profile/tokens/", profile.tokens, name="tokens"),
    path("profile/tokens/<uuid:id>/revoke/", profile.revoke, name="token_revoke"),
    path("join/<str:secret>/", joining.join, name="join"),
    path("claim/", claims.claim, name="claim"),
    path("photos/<str:sha256>/", photos.show, name="photo"),
    path("help/", help.index, name="help_index"),
    path("help/<str:page>/", help.page, name="help"),
]
