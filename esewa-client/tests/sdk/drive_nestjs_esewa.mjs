// @dallotech/nestjs-esewa: believes the callback's own list of signed fields, and then asks the status API.
import "reflect-metadata";
import { createRequire } from "node:module";
import nestjsAxios from "@nestjs/axios";
import nestjsEsewa from "@dallotech/nestjs-esewa";
import { CODE, FAILURE, FORM, KEY, STATUS, SUCCESS, check, forge, measured, outcome, pay } from "./common.mjs";

// The HTTP client that its host's module would hand to it.
const axios = createRequire(import.meta.url)("axios");
const service = (secretKey) =>
  new nestjsEsewa.EsewaService(
    { productCode: CODE, secretKey, paymentMode: "TEST", paymentUrlTest: FORM, validateUrlTest: STATUS },
    new nestjsAxios.HttpService(axios.create({ timeout: 10_000 })),
  );
const initiate = (transactionUuid, amount, key = KEY) =>
  service(key).init({ amount, totalAmount: amount, transactionUuid, successUrl: SUCCESS, failureUrl: FAILURE });
const verify = async (encodedData) => (await service(KEY).verify({ encodedData })).data.status;

// The payer's browser.
async function submit({ payment_url: url, ...fields }) {
  return fetch(url, { method: "POST", body: new URLSearchParams(fields) });
}

const page = await submit(initiate("nest-1", 1100));
check("nestjs-esewa: the form is accepted", page.status, 200);
check("nestjs-esewa: the browser comes to the payment page", page.url.includes("/epay?bookingId="), true);
check("nestjs-esewa: a genuine callback is complete", await verify(await pay("nest-1")), "COMPLETE");

const refused = await submit(initiate("nest-2", 100, `${KEY}(`));
check("nestjs-esewa: a key with a parenthesis is refused", (await refused.json()).code, "ES104");

// At fault: the signature check passes; only a caller that reads the status is safe.
const form = initiate("nest-3", 300);
await submit(form);
const forged = forge("nest-3", "300", form.signature);
check("nestjs-esewa: a downgraded callback passes, and its status is told", await verify(forged), "PENDING");
const tampered = forge("nest-3", "301", form.signature);
check("nestjs-esewa: another amount is not signed", await outcome(() => verify(tampered)), "BadRequestException");

// At fault: takes both downgrades for signed, no comma, and reads the number 1000.0 as 1000.
const signed = async (data) => (await outcome(() => verify(data))) !== "BadRequestException";
check("nestjs-esewa: measured", await measured(signed), [22, 0, 0, 2, 0]);
process.stdout.write("done\n");
