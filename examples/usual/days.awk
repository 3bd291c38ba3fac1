# Eight days of logins: few by night, many by day, most of them at nine; and some fail. In the night of the last day
# somebody guesses passwords, and in its afternoon nobody can log in for some hours.
function random() { return (seed = (seed * 16807) % 2147483647) / 2147483647 }
function login(t, ip, says) {
    printf "{\"eventTime\":\"2026-03-%02dT%02d:%02d:%02dZ\",\"eventID\":\"%d\",\"eventSource\":\"signin.amazonaws.com\",", \
        1 + int(t / 86400), t / 3600 % 24, t / 60 % 60, t % 60, ++id
    printf "\"eventName\":\"ConsoleLogin\",\"sourceIPAddress\":\"%s\",\"responseElements\":{\"ConsoleLogin\":\"%s\"}}\n", ip, says
}
BEGIN {
    seed = 42
    last = 8 * 86400
    for (t = 86400; t < last + 86400; t += 20) {
        hour = int(t / 3600) % 24
        many = hour < 7 || hour > 18 ? 3 : hour == 9 ? 90 : 30
        if (t >= last + 14 * 3600 && t < last + 17 * 3600)
            many = 0
        if (random() < many / 180)
            login(t, "192.0.2." int(random() * 200), "Success")
        if (random() < many / 180 / 3)
            login(t, "192.0.2." int(random() * 200), "Failure")
        if (t >= last + 3 * 3600 && t < last + 3 * 3600 + 1200 && t % 40 == 0)
            login(t + 5, "203.0.113.9", "Failure")
    }
}
