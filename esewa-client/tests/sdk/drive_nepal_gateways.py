"""nepal-gateways: believes the callback's own list of signed fields, and then asks the status API."""

import urllib.error
import urllib.parse
import urllib.request

import common
from common import check, outcome
from nepal_gateways import EsewaClient
from nepal_gateways.core.exceptions import InvalidSignatureError


def client(key=common.KEY):
    esewa = EsewaClient({
        "product_code": common.CODE,
        "secret_key": key,
        "mode": "sandbox",
        "success_url": common.SUCCESS,
        "failure_url": common.FAILURE,
    })
    # Both are public attributes.
    esewa.initiation_endpoint = common.FORM
    esewa.status_check_endpoint = common.STATUS
    return esewa


def submit(form):
    """The payer's browser: posts the fields and follows to the payment page."""
    body = urllib.parse.urlencode(form.form_fields).encode()
    try:
        with urllib.request.urlopen(form.redirect_url, body, timeout=10) as answer:
            return answer.status, answer.url
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def main():
    esewa = client()
    form = esewa.initiate_payment(amount=90, order_id="ng-1", tax_amount=10)
    code, page = submit(form)
    check("nepal-gateways: the form is accepted", code, 200)
    check("nepal-gateways: the browser comes to the payment page", "/epay?bookingId=" in page, True)

    paid = esewa.verify_payment({"data": common.data_of(common.pay("ng-1"))})
    check("nepal-gateways: a genuine callback succeeds", paid.is_successful, True)
    check("nepal-gateways: the status is the emulator's", paid.status_code, "COMPLETE")
    check("nepal-gateways: the amount is whole", paid.verified_amount, 100.0)
    check("nepal-gateways: the reference is told", paid.transaction_id, common.booked()["ng-1"]["ref_id"])

    code, answer = submit(client(common.KEY + "(").initiate_payment(amount=100, order_id="ng-2"))
    check("nepal-gateways: a key with a parenthesis is refused", (code, "ES104" in answer), (400, True))

    # At fault: the signature check passes; only the status API stops the forgery.
    form = esewa.initiate_payment(amount=300, order_id="ng-3")
    submit(form)
    forged = common.forge("ng-3", "300", form.form_fields["signature"])
    result = esewa.verify_payment({"data": forged})
    check("nepal-gateways: a downgraded callback passes its signature check", result.status_code, "PENDING")
    check("nepal-gateways: the status stops it", result.is_successful, False)

    # At fault: takes both downgrades for signed, and no comma.
    check("nepal-gateways: measured", common.measured(lambda data: signed(esewa, data)), [22, 0, 1, 2, 0])
    tampered = common.forge("ng-3", "301", form.form_fields["signature"])
    raised = outcome(lambda: esewa.verify_payment({"data": tampered}))
    check("nepal-gateways: another amount is not signed", raised, "InvalidSignatureError")


def signed(esewa, data):
    """Whether its signature check lets the callback through to the status question."""
    try:
        esewa.verify_payment({"data": data})
    except InvalidSignatureError:
        return False
    return True


main()
print("done")
