"""valoris-payment-gateway: fixed addresses; believes the callback's own list of signed fields."""

import asyncio

import common
import httpx
from common import check, outcome
from valoris_payment.providers.esewa import EsewaProvider
from valoris_payment.schemas import PaymentRequest


def provider(key=common.KEY):
    return EsewaProvider(secret_key=key, product_code=common.CODE, sandbox=True)


def initiate(uuid, amount, key=common.KEY):
    request = PaymentRequest(
        amount=amount, transaction_id=uuid, success_url=common.SUCCESS, failure_url=common.FAILURE
    )
    return asyncio.run(provider(key).initiate(request))


def submit(payment):
    """The payer's browser: posts the fields to the address that the package names."""
    return httpx.post(payment.payment_url.split("?")[0], data=payment.raw, follow_redirects=True)


def status(uuid, amount):
    return asyncio.run(provider().verify(uuid, total_amount=amount)).status.value


def callback(data):
    return asyncio.run(provider().handle_callback({"data": data})).status.value


def main():
    page = submit(initiate("va-1", 250.0))
    check("valoris: the form is accepted under eSewa's own name", page.url.host, "rc-epay.esewa.com.np")
    check("valoris: the browser comes to the payment page", (page.status_code, page.url.path), (200, "/epay"))
    # At fault: cannot read the null that stands for the reference of an open payment.
    check("valoris: an open payment breaks it", outcome(lambda: status("va-1", 250.0)), "ValidationError")
    data = common.data_of(common.pay("va-1"))
    check("valoris: a genuine callback is completed", callback(data), "completed")
    check("valoris: a paid payment is completed", status("va-1", 250.0), "completed")

    refused = submit(initiate("va-2", 100.0, common.KEY + "("))
    check("valoris: a key with a parenthesis is refused", refused.json()["code"], "ES104")

    # At fault: a downgraded callback is taken for paid, and it asks nobody.
    payment = initiate("va-3", 300.0)
    submit(payment)
    forged = common.forge("va-3", "300.0", payment.raw["signature"])
    check("valoris: a downgraded callback is completed", callback(forged), "completed")

    # At fault: what is only halted at eSewa is called failed.
    common.pay("va-3", "ambiguous")
    check("valoris: an ambiguous payment is called failed", status("va-3", 300.0), "failed")

    check("valoris: measured", common.measured(takes), [22, 0, 1, 2, 0])


def takes(data):
    return outcome(lambda: callback(data)) == "completed"


main()
print("done")
