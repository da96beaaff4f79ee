using System.Collections.Concurrent;

namespace Varve.Vault.Objects;

/// <summary>Says once of each thing what is found out about it again and again, as listings are made anew. Thread-safe.</summary>
internal sealed class OneTimeNotices(Action<Notice>? warn)
{
    private readonly ConcurrentDictionary<string, byte> _told = new(StringComparer.Ordinal);

    /// <summary>Says it, unless something was said of <paramref name="what"/>.</summary>
    internal void Tell(string what, Notice notice)
    {
        if (_told.TryAdd(what, 0)) { warn?.Invoke(notice); }
    }
}
