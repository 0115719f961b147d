"""django-nepali-payment: fixed addresses; only decodes the callback, and never asks for the status."""

import common
from common import check, outcome
from nepali_payment import PaymentManager, PaymentMethod, PaymentMode, PaymentResult
from nepali_payment.models.esewa import PaymentRequest


def manager(key=common.KEY, mode=PaymentMode.SANDBOX):
    return PaymentManager(PaymentMethod.ESEWA, mode, key)


def initiate(uuid, amount, **of):
    fields = PaymentRequest(
        amount, "0", amount, uuid, common.CODE, "0", "0", common.SUCCESS, common.FAILURE,
        "total_amount,transaction_uuid,product_code",
    )
    return manager(**of).initiate_payment(PaymentResult, fields).data.payment_url


def verify(data):
    return bool(manager().verify_payment(PaymentResult, data))


def main():
    page = initiate("np-ali-1", "480")
    check("django-nepali-payment: the redirect leads to the payment page",
          page.split("?")[0], "https://rc-epay.esewa.com.np/epay")
    data = common.data_of(common.pay("np-ali-1"))
    check("django-nepali-payment: a genuine callback is believed", verify(data), True)
    refused = outcome(lambda: initiate("np-ali-2", "100", key=common.KEY + "("))
    check("django-nepali-payment: a key with a parenthesis is refused", refused, "ProviderError")

    # At fault: its address of the production form has the path twice, which no host serves.
    doubled = outcome(lambda: initiate("np-ali-3", "100", mode=PaymentMode.PRODUCTION))
    check("django-nepali-payment: production is not reached", doubled, "ProviderError")

    # At fault: it has no check at all, so a callback made from the form's signature says "paid".
    initiate("np-ali-4", "900")
    forged = common.forge("np-ali-4", "900", common.form_signature("np-ali-4", "900"))
    check("django-nepali-payment: a downgraded callback is believed", verify(forged), True)
    check("django-nepali-payment: measured", common.measured(verify), [22, 5, 1, 2, 2])


main()
print("done")
