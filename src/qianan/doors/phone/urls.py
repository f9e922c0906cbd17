"""When this address of the phone is asked, show that page. The noun of the address names the file."""

from django.urls import path

from qianan.doors.phone import acts, businesses, checks, hazards, home, orders, people, receipts, reporting, sites

app_name = "phone"

urlpatterns = [
    path("", home.today, name="home"),
    path("me/", home.me, name="me"),
    # checks and what came of them
    path("checks/<uuid:business>/<uuid:id>/", checks.owed, name="check"),
    path("checks/<uuid:business>/<uuid:site>/list/<slug:code>/", checks.voluntary, name="check_now"),
    path("receipts/", receipts.index, name="receipts"),
    path("receipts/<uuid:business>/<uuid:id>/", receipts.page, name="submission"),
    # hazards
    path("report/", reporting.report, name="report"),
    path("hazards/", hazards.index, name="hazards"),
    path("hazards/<uuid:business>/<uuid:id>/", hazards.page, name="hazard"),
    path("hazards/<uuid:business>/<uuid:id>/trail/", hazards.trail, name="hazard_trail"),
    path("hazards/<uuid:business>/<uuid:id>/<slug:act>/", acts.do, name="hazard_act"),
    path("duties/<uuid:business>/<uuid:id>/", hazards.duty, name="duty"),
    # instructions
    path("orders/<uuid:business>/<uuid:id>/", orders.page, name="order"),
    # the business: its board and what hangs on it
    path("business/", businesses.choose, name="businesses"),
    path("business/<uuid:id>/", businesses.board, name="business"),
    path("business/<uuid:id>/checks/", businesses.checks, name="business_checks"),
    path("business/<uuid:id>/musts/", businesses.musts, name="business_musts"),
    path("business/<uuid:id>/tenants/", businesses.tenants, name="business_tenants"),
    path("business/<uuid:id>/trail/", businesses.trail, name="business_trail"),
    path("business/<uuid:id>/people/", people.index, name="business_people"),
    path("business/<uuid:id>/people/invite/", people.invite, name="business_invite"),
    path("business/<uuid:id>/people/<uuid:seat>/leave/", people.leave, name="business_leave"),
    path("business/<uuid:id>/people/<uuid:seat>/move/", people.move, name="business_move"),
    path("business/<uuid:id>/invitations/<uuid:invitation>/withdraw/", people.withdraw, name="business_withdraw"),
    path("sites/<uuid:business>/<uuid:id>/", sites.page, name="site"),
    path("sites/<uuid:business>/<uuid:id>/state/", sites.change, name="site_state"),
]
