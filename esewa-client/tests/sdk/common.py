"""What every Python driver needs: the emulator's controls, the measured callbacks, and checks."""

import base64
import hmac
import json
import os
import urllib.request

EMULATOR = os.environ["ESEWA_EMULATOR"]
FORM = EMULATOR + "/api/epay/main/v2/form"
STATUS = EMULATOR + "/api/epay/transaction/status/"
KEY = "8gBm/:&EnhH.1/q"
CODE = "EPAYTEST"
SUCCESS = "http://merchant.test/paid"
FAILURE = "http://merchant.test/not-paid"


def check(promise, found, expected):
    if found == expected:
        print(f"ok {promise}", flush=True)
    else:
        print(f"FAIL {promise}: expected {expected!r}, found {found!r}", flush=True)


def outcome(call):
    """What the call gives, or the name of what it raises."""
    try:
        return call()
    except Exception as error:  # Whatever a package raises is its outcome.
        return type(error).__name__


def pay(uuid, result="complete"):
    """Acts for the payer; gives the address that the browser is sent back to."""
    body = json.dumps({"transaction_uuid": uuid, "outcome": result}).encode()
    request = urllib.request.Request(EMULATOR + "/_sandbox/pay", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def data_of(redirect):
    """The value of `data` as a web framework hands it over."""
    return redirect["redirect_url"].split("?data=")[1]


def booked():
    """What the emulator has on its books."""
    with urllib.request.urlopen(EMULATOR + "/_sandbox/payments", timeout=10) as answer:
        return {payment["transaction_uuid"]: payment for payment in json.load(answer)["payments"]}


def form_signature(uuid, amount):
    """What the payer can read in the form."""
    message = f"total_amount={amount},transaction_uuid={uuid},product_code={CODE}"
    return base64.b64encode(hmac.digest(KEY.encode(), message.encode(), "sha256")).decode()


def forge(uuid, amount, signature):
    """A callback for an order nobody paid, proven by the signature of the payer's own form."""
    fields = {
        "transaction_code": "000FAKE",
        "status": "COMPLETE",
        "total_amount": amount,
        "transaction_uuid": uuid,
        "product_code": CODE,
        "signed_field_names": "total_amount,transaction_uuid,product_code",
        "signature": signature,
    }
    return base64.b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode()


def measured(accepts):
    """How many callbacks of each column of the measured table the package takes.

    Columns: genuine, genuine with a comma, number form, downgraded, tampered.
    """
    with open(os.environ["ESEWA_VECTORS"], encoding="utf-8") as file:
        vectors = json.load(file)["vectors"]
    columns = [[], [], [], [], []]
    for vector in vectors:
        column = column_of(vector)
        if column is not None:
            text = vector["input"].get("data") or base64.b64encode(
                json.dumps(vector["input"]["json"], separators=(",", ":")).encode()
            ).decode()
            columns[column].append(text)
    assert [len(column) for column in columns] == [22, 5, 1, 2, 2], "the 32 cases"
    return [sum(outcome(lambda: accepts(text)) is True for text in column) for column in columns]


def column_of(vector):
    expected = vector["expected"]
    if vector["kind"] == "callback" and expected["valid"]:
        rules = ["as-is", "strip-commas-from-total_amount", "raw-number-token"]
        return rules.index(expected["rule"])
    if vector["kind"] == "callback-forgery":
        return 4 if expected["error"] == "signature" else 3
    return None
