"""esewa on PyPI: sends the form in the query of an empty POST; only decodes the callback."""

import common
from common import check, outcome
from esewa.client import esewa_check_status, esewa_payment_gateway
from esewa.utils import base64_decode


def initiate(uuid, amount, key=common.KEY):
    return esewa_payment_gateway(
        amount, 0, 0, 0, uuid, common.CODE, key, common.SUCCESS, common.FAILURE, common.FORM
    )


def status(uuid, amount):
    return esewa_check_status(amount, uuid, common.CODE, common.STATUS)["status"]


def main():
    answer = initiate("pypi-1", 1500)
    check("esewa: the form in the query is accepted", answer["status_code"], 200)
    page = answer["payment_url"].startswith(common.EMULATOR + "/epay?bookingId=")
    check("esewa: the redirect leads to the payment page", page, True)
    check("esewa: an open payment is pending", status("pypi-1", 1500), "PENDING")

    data = common.data_of(common.pay("pypi-1"))
    check("esewa: the callback can be read", base64_decode(data)["transaction_uuid"], "pypi-1")
    check("esewa: a paid payment is complete", status("pypi-1", 1500), "COMPLETE")
    check("esewa: another amount is not found", status("pypi-1", 1501), "NOT_FOUND")

    refused = outcome(lambda: initiate("pypi-2", 100, common.KEY + "("))
    check("esewa: a key with a parenthesis is refused", refused, "PaymentRequestError")

    # At fault: it has no check at all, so a callback made from the form's signature says "paid".
    initiate("pypi-3", 900)
    signature = common.form_signature("pypi-3", "900")
    forged = base64_decode(common.forge("pypi-3", "900", signature))
    check("esewa: a downgraded callback is taken", forged["status"], "COMPLETE")
    check("esewa: the status tells the truth of it", status("pypi-3", 900), "PENDING")
    decoded = common.measured(lambda data: base64_decode(data)["status"] == "COMPLETE")
    check("esewa: measured", decoded, [22, 5, 1, 2, 2])


main()
print("done")
