//! What reads as an amount, what does not, and how it is written.

use super::*;

#[test]
fn every_spelling_of_an_amount_is_equal() {
    for text in ["1000", "1000.0", "1000.00", "1,000", "1,000.0", "1,000.00"] {
        assert_eq!(text.parse(), Ok(Amount::from_paisa(100_000)), "{text}");
    }
}

#[test]
fn both_ways_of_grouping_are_read() {
    assert_eq!("1,234,567.8".parse(), Ok(Amount::from_paisa(123_456_780)));
    assert_eq!("12,34,567.89".parse(), Ok(Amount::from_paisa(123_456_789)));
    assert_eq!("1,00,000".parse(), Ok(Amount::from_paisa(10_000_000)));
    assert_eq!("123,456".parse(), Ok(Amount::from_paisa(12_345_600)));
}

#[test]
fn decimals_count_as_paisa() {
    for (text, paisa) in [("0.05", 5), ("0.5", 50), ("0.50", 50), ("399.99", 39_999), ("0", 0)] {
        assert_eq!(text.parse(), Ok(Amount::from_paisa(paisa)), "{text}");
    }
}

#[test]
fn what_is_no_number_is_refused() {
    for text in
        ["", "-1", "+1", "1e3", "1.0E7", " 1", "1 ", "NaN", "1.", ".5", "1.2.3", "१००", "0x10", "1_000"]
    {
        assert_eq!(text.parse::<Amount>(), Err(AmountError::NotANumber), "{text:?}");
    }
}

#[test]
fn leading_zeros_are_refused() {
    for text in ["00", "007", "0100.0", "00.5", "000,030", "0,100", "00,10,000"] {
        assert_eq!(text.parse::<Amount>(), Err(AmountError::NotANumber), "{text:?}");
    }
    assert_eq!("0.5".parse(), Ok(Amount::from_paisa(50)));
    assert_eq!("0.07".parse(), Ok(Amount::from_paisa(7)));
}

#[test]
fn commas_that_group_nothing_are_refused() {
    for text in [",1", "1,", ",", "1,0", "1000,000", "1,,000", "1,0000", "1,2,345"] {
        assert_eq!(text.parse::<Amount>(), Err(AmountError::Grouping), "{text:?}");
    }
    for mixed in ["1,23,456,789", "1,234,56,789", "123,45,678", "1,234,56"] {
        assert_eq!(mixed.parse::<Amount>(), Err(AmountError::Grouping), "{mixed:?}");
    }
    assert_eq!("1,00,0a0".parse::<Amount>(), Err(AmountError::NotANumber));
}

#[test]
fn a_fraction_of_a_paisa_is_refused() {
    for text in ["1.000", "1.005", "0.001"] {
        assert_eq!(text.parse::<Amount>(), Err(AmountError::TooPrecise), "{text}");
    }
}

#[test]
fn what_does_not_fit_is_refused_not_wrapped() {
    for text in ["184467440737095517", "99999999999999999999", "1000000000000000000000000000000000000"] {
        assert_eq!(text.parse::<Amount>(), Err(AmountError::TooLarge), "{text}");
    }
    assert_eq!("184467440737095516.15".parse(), Ok(Amount::from_paisa(u64::MAX)));
    assert_eq!("184467440737095516.16".parse::<Amount>(), Err(AmountError::TooLarge));
    assert_eq!(Amount::from_paisa(u64::MAX).checked_add(Amount::from_paisa(1)), None);
    assert_eq!(Amount::from_paisa(2).checked_add(Amount::from_paisa(1)), Some(Amount::from_paisa(3)));
}

#[test]
fn the_wire_text_is_the_shortest() {
    for (paisa, text) in
        [(0, "0"), (5, "0.05"), (50, "0.5"), (3_000, "30"), (3_050, "30.5"), (39_999, "399.99")]
    {
        assert_eq!(Amount::from_paisa(paisa).to_string(), text);
    }
    assert_eq!(format!("{:?}", Amount::from_paisa(3_050)), "Amount(30.5)");
    assert_eq!(Amount::from_paisa(3_005).to_decimal_text(), "30.05");
}

#[test]
fn the_double_text_is_that_of_java() {
    for (paisa, text) in [
        (0, "0.0"),
        (1, "0.01"),
        (10_000, "100.0"),
        (39_999, "399.99"),
        (39_990, "399.9"),
        (999_999_999, "9999999.99"),
        (1_000_000_000, "1.0E7"),
        (1_250_000_050, "1.25000005E7"),
        (12_345_678_900, "1.23456789E8"),
    ] {
        assert_eq!(Amount::from_paisa(paisa).to_double_text(), text);
        assert_eq!(Amount::from_wire(text), Ok(Amount::from_paisa(paisa)), "{text}");
    }
}

#[test]
fn crooked_exponents_are_refused() {
    for text in [
        "1E7", "1.E7", "12.0E7", "1.0e7", "1.0E-2", "1.0E", "E7", ".0E7", "-1.0E7", "1.0E+7", "1.E7E7",
        "1.aE7", "a.0E7", "0.1E8", "1.10E7", "1.00E7", "1.0E07", "1.0E6", "1.234E1",
    ] {
        assert_eq!(Amount::from_wire(text), Err(AmountError::NotANumber), "{text}");
    }
    assert_eq!(Amount::from_wire("1.0E17"), Err(AmountError::TooLarge));
    assert_eq!(Amount::from_wire("1.0E99999999999999999999"), Err(AmountError::TooLarge));
    assert_eq!(Amount::from_wire("1.234567891E7"), Ok(Amount::from_paisa(1_234_567_891)));
    assert_eq!(Amount::from_wire("1.2345678912E7"), Err(AmountError::TooPrecise));
    assert_eq!(Amount::from_wire("1.0E16"), Ok(Amount::from_paisa(1_000_000_000_000_000_000)));
    assert_eq!(Amount::from_wire("1,000.0"), Ok(Amount::from_paisa(100_000)));
}

#[test]
fn a_text_has_a_longest_length() {
    assert_eq!("a".repeat(32).parse::<Amount>(), Err(AmountError::NotANumber));
    assert_eq!("a".repeat(33).parse::<Amount>(), Err(AmountError::TooLarge));
    assert_eq!(Amount::from_wire(&format!("a{}", "E".repeat(31))), Err(AmountError::NotANumber));
    assert_eq!(Amount::from_wire(&format!("a{}", "E".repeat(32))), Err(AmountError::TooLarge));
}
