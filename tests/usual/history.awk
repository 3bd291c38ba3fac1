# Writes events for learn.sh: DAYS days from 2026-03-02, a Monday. Logins of two users fail, more by day than by night and
# hardly at weekends; carol's rarely; each fifth day one hour brings a burst. An event each quarter of an hour keeps the
# log going, but for the days in GAP ("9 11"). FROM leaves out the days before. The same arguments, the same events.
function random(n) { seed = (seed * 16807) % 2147483647; return seed % n }
function stamp(t, d, s) {
    d = int(t / 86400); s = t % 86400
    return sprintf("%sT%02d:%02d:%02dZ", date[d], int(s / 3600), int(s / 60) % 60, s % 60)
}
function event(t, name, user) {
    n++
    lines[n] = sprintf("%010d {\"eventTime\":\"%s\",\"eventName\":\"%s\",\"eventID\":\"e%d\",\"userIdentity\":{\"userName\":\"%s\"}}", t, stamp(t), name, n, user)
}
BEGIN {
    seed = 20260302
    split("31 28 31 30", length_of)
    month = 3; day = 2
    for (d = 0; d < DAYS; d++) {
        date[d] = sprintf("2026-%02d-%02d", month, day)
        if (++day > length_of[month]) { day = 1; month++ }
    }
    split(GAP, gap)
    for (d = 0; d < DAYS; d++)
        for (q = 0; q < 96; q++) {
            t = d * 86400 + q * 900
            weekend = d % 7 >= 5
            rate = (q >= 32 && q < 72) ? (weekend ? 2 : 9) : 1
            if (d % 5 == 4 && q >= 50 && q < 54)
                rate += 60
            count = random(rate + 1) + random(rate + 1)
            for (i = 0; i < count; i++)
                if (!(GAP && d >= gap[1] && d < gap[2]))
                    event(t + random(900), "ConsoleLogin", random(3) ? "alice" : "bob")
            if (random(200) == 0)
                event(t + random(900), "ConsoleLogin", "carol")
            if (!(GAP && d >= gap[1] && d < gap[2]))
                event(t, "ListUsers", "dave")
        }
    for (i = 1; i <= n; i++)
        if (substr(lines[i], 1, 10) + 0 >= FROM * 86400)
            print lines[i] | "sort | cut -d' ' -f2-"
}
