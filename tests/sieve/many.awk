# many.awk: of a pack that tests/bench/rules.sh prints, records that its rules' filters meet, one or more each; and the
# same with something missing.
function spelled(text) {
    gsub(/\\/, "", text)
    gsub(/\[0-9\]\{12\}/, "123456789012", text)
    gsub(/\[0-9\]\*/, "7", text)
    gsub(/\[a-z0-9\]\+/, "x", text)
    gsub(/^\/|\/$|\.\*/, "", text)
    gsub(/\*/, "z", text)
    return text
}
# The filter's clause on the field, as a text that meets it.
function of(field,    at, rest) {
    at = index(filter, field)
    if (!at)
        return ""
    rest = substr(filter, at + length(field))
    sub(/^[A-Za-z]*(\.(keyword|ip))?:/, "", rest)
    sub(/^\(/, "", rest)
    gsub(/"/, "", rest)
    sub(/( AND| OR|\)).*/, "", rest)
    sub(/ +$/, "", rest)
    return spelled(rest)
}
function record(name, arn, key, value,    container) {
    container = index(filter, "responseElements.") ? "responseElements" : "requestParameters"
    printf "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"AssumedRole\",\"arn\":\"%s\",\"userName\":\"nobody\"},", arn
    printf "\"eventTime\":\"2026-03-14T10:00:%02dZ\",\"eventName\":\"%s\",\"sourceIPAddress\":\"%s\",\"userAgent\":\"%s\",",
        NR % 60, name, ip, of("userAgent")
    printf "\"%s\":{\"%s\":\"%s\"},\"resources\":[{\"ARN\":\"arn:aws:s3::%s\"}],\"readOnly\":false}\n", container, key, value, of("resources.ARN")
}
function rule(    key, name, arn) {
    name = of("eventName")
    arn = of("userIdentity.arn")
    ip = of("sourceIPAddress")
    sub(/0\.0\/16$/, "3.4", ip)
    key = match(filter, /(requestParameters|responseElements)\.[A-Za-z]+/) ? substr(filter, RSTART + 18, RLENGTH - 18) : "x"
    if (substr(filter, RSTART, 8) == "response")
        key = substr(filter, RSTART + 17, RLENGTH - 17)
    record(name, arn, key, of("." key))
    record(name "s", arn, key, of("." key))
    record(name, arn "/", key "s", of("." key))
}
/^filter:/ { filter = ""; reading = 1; next }
/^when:/ { reading = 0; rule() }
reading { filter = filter " " $0 }
