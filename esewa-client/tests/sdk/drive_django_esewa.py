"""django-esewa: fixed addresses; holds the callback against its own request's signature."""

import re

import common
import requests
from common import check, outcome
from django_esewa import EsewaPayment, verify_signature

FORM = "https://rc-epay.esewa.com.np/api/epay/main/v2/form"


def payment(uuid, amount, tax=0, key=common.KEY):
    return EsewaPayment(
        common.CODE, common.SUCCESS, common.FAILURE, key, amount, tax, amount + tax, 0, 0, uuid
    )


def submit(order):
    """The payer's browser; the package names no address for the form, so this is the documented one."""
    order.create_signature()
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', order.generate_form()))
    return requests.post(FORM, data=fields, timeout=10)


def main():
    order = payment("dj-1", 700)
    page = submit(order)
    check("django-esewa: the browser comes to the payment page", page.url.split("?")[0], FORM.replace("/api/epay/main/v2/form", "/epay"))
    check("django-esewa: an open payment is not completed", order.is_completed(dev=True), False)
    data = common.data_of(common.pay("dj-1"))
    check("django-esewa: a paid payment is completed", order.is_completed(dev=True), True)

    refused = submit(payment("dj-2", 100, key=common.KEY + "("))
    check("django-esewa: a key with a parenthesis is refused", refused.json()["code"], "ES104")

    # At fault: the method waits for the signature of its own request, so a genuine callback is none, and
    # the forgery that replays it is one.
    check("django-esewa: a genuine callback is not believed", order.verify_signature(data)[0], False)
    forged = common.forge("dj-1", "700", order.signature)
    check("django-esewa: a downgraded callback is believed", order.verify_signature(forged)[0], True)

    # At fault: asks for the price in place of the total.
    taxed = payment("dj-3", 90, tax=10)
    submit(taxed)
    common.pay("dj-3")
    check("django-esewa: a taxed payment is never found", taxed.get_status(dev=True), "NOT_FOUND")

    # At fault: the function takes both downgrades for signed, and no comma; its key is written into it.
    measured = common.measured(lambda data: outcome(lambda: verify_signature(data)[0]))
    check("django-esewa: measured", measured, [22, 0, 1, 2, 0])


main()
print("done")
