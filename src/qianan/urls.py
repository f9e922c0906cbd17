"""When this address is asked, open that door."""

from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from django.urls import include, path

from qianan.doors.api.v1 import api
from qianan.doors.kit import joining, problems, signin

accounts = [
    path("login/", signin.SignIn.as_view(), name="account_login"),
    path("logout/", signin.SignOut.as_view(), name="account_logout"),
    path("code/", signin.ask_code, name="account_ask_code"),
    path("code/check/", signin.enter_code, name="account_code"),
    path("inactive/", signin.inactive, name="account_inactive"),
    path("reauthenticate/", signin.AskAgain.as_view(), name="account_reauthenticate"),
    path("invitations/<str:secret>/", joining.join, name="invitation"),
    path("2fa/", signin.second_factors, name="mfa_index"),
    path("2fa/authenticate/", signin.SecondStep.as_view(), name="mfa_authenticate"),
    path("2fa/reauthenticate/", signin.SecondStepAgain.as_view(), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", signin.TotpOn.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", signin.TotpOff.as_view(), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", signin.spare_codes, name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", signin.new_spare_codes, name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", DownloadRecoveryCodesView.as_view(), name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("", include("qianan.doors.kit.urls")),
    path("accounts/", include(accounts)),
    path("api/v1/", api.urls),
    path("my/", include("qianan.doors.phone.urls")),
    path("desk/", include("qianan.doors.desk.urls")),
]

handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error
