// Preloaded: tells a program another wall clock, VARVE_WALL_CLOCK seconds ahead or behind. Other clocks, timed waits and the times of files
// are as they are. libfaketime also translates the deadlines of timed waits, and now and then gets one wrong: then they return at once, or
// never.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long ahead;

__attribute__((constructor)) static void begin(void) {
    const char *text = getenv("VARVE_WALL_CLOCK");
    if (text) ahead = atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = syscall(SYS_clock_gettime, clock, now);
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += ahead;
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    if (result == 0 && now) *now = (struct timeval){ exact.tv_sec, exact.tv_nsec / 1000 };
    (void)zone;
    return result;
}

time_t time(time_t *now) {
    struct timespec exact;
    if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
    if (now) *now = exact.tv_sec;
    return exact.tv_sec;
}
