"""np-payments: checks the right set of fields, so no forgery passes; does not know the comma."""

import common
from common import check, outcome
from np_payments.clients.esewa import EsewaClient


def client(key=common.KEY):
    return EsewaClient(common.FORM, key, common.SUCCESS, common.FAILURE, common.CODE)


def main():
    esewa = client()
    page = esewa.initiate_payment(amount=100.0, transaction_uuid="np-1")
    check("np-payments: the form is accepted with 302", page.startswith("/epay?bookingId="), True)
    check("np-payments: the amount is booked", common.booked()["np-1"]["total_amount"], "100.00")

    data = common.data_of(common.pay("np-1"))
    check("np-payments: a genuine callback is believed", esewa.validate_payment(data), True)

    refused = client(common.KEY + "(").initiate_payment(amount=100.0, transaction_uuid="np-2")
    check("np-payments: a key with a parenthesis is refused", refused.get("code"), "ES104")

    esewa.initiate_payment(amount=250.0, transaction_uuid="np-3")
    signature = common.form_signature("np-3", "250.0")
    forged = common.forge("np-3", "250.0", signature)
    check("np-payments: a downgraded callback is not believed", esewa.validate_payment(forged), False)

    # At fault: rejects the five genuine callbacks with a comma, and breaks on the number form.
    check("np-payments: measured", common.measured(esewa.validate_payment), [22, 0, 0, 0, 0])
    number = common.forge("np-4", 100.0, signature)
    raised = outcome(lambda: esewa.validate_payment(number))
    check("np-payments: a number for an amount raises", raised, "ValidationError")


main()
print("done")
