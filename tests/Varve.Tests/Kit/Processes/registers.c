// Preloaded into user-mode Linux (OtherKernel.cs): its kernel 6.1 writes back 2,696 bytes of a process's extended registers, and the
// machine's kernel takes the whole state or nothing (xstateregs_set: EFAULT). With the tile registers of AMX the whole is 11,008 bytes,
// and user-mode Linux dies with its first process. Here what it writes is laid over what the process has.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

long ptrace(enum __ptrace_request request, ...)
{
    static long (*real)(enum __ptrace_request, ...);
    if (!real) { real = (long (*)(enum __ptrace_request, ...))dlsym(RTLD_NEXT, "ptrace"); }
    va_list arguments;
    va_start(arguments, request);
    pid_t pid = va_arg(arguments, pid_t);
    void *address = va_arg(arguments, void *);
    void *data = va_arg(arguments, void *);
    va_end(arguments);
    static __thread char whole[1 << 16];
    if (request == PTRACE_SETREGSET && address == (void *)(long)NT_X86_XSTATE)
    {
        struct iovec part = *(struct iovec *)data, all = { whole, sizeof whole };
        if (real(PTRACE_GETREGSET, pid, address, &all) == 0 && part.iov_len < all.iov_len)
        {
            memcpy(whole, part.iov_base, part.iov_len);
            return real(request, pid, address, &all);
        }
    }
    return real(request, pid, address, data);
}
