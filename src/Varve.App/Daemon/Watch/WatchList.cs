using System.Text;
using Varve.App.Settings.Configuration;
using Varve.App.Settings.Daemon;
using Varve.App.Settings.Table;
using Varve.App.Settings.Values;
using Varve.Model;
using Varve.Platform.Files;

namespace Varve.App.Daemon.Watch;

/// <summary>
/// The list of what is protected on this machine, a record each. No catalog and no cache is needed for it, and a record that cannot be read
/// is named and passed over. Several processes may use it at once.
/// </summary>
internal sealed class WatchList(PrivateDirectory directory)
{
    private static readonly byte[] s_lock = "lock"u8.ToArray();
    private readonly RecordFiles<WatchData> _records = new(directory, RecordShapes.Default.WatchData);

    /// <summary>All that can be read, by name; what is wrong with the others.</summary>
    internal (IReadOnlyList<WatchedSource> Sources, IReadOnlyList<VarveException> Wrong) Read()
    {
        var sources = new List<WatchedSource>();
        var wrong = new List<VarveException>();
        foreach (string file in _records.List())
        {
            try
            {
                if (_records.Read(file) is not { } data) { continue; }
                WatchedSource source = Parse(data, file);
                if (RecordFiles<WatchData>.FileOf(source.Name) != file) { throw Damaged(file, $"is the record of '{source.Name}'"); }
                sources.Add(source);
            }
            catch (VarveException e) { wrong.Add(e); }
        }

        sources.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return (sources, wrong);
    }

    /// <summary>
    /// Puts a source on the list, or changes what is said of it. What was said before, or null. A path has one name, and a name one path.
    /// </summary>
    /// <exception cref="VarveException">Usage: the name is another path's. Storage: it cannot be written.</exception>
    internal WatchedSource? Put(WatchedSource source)
    {
        using FileLock turn = Await();
        IReadOnlyList<WatchedSource> all = Read().Sources;
        WatchedSource? before = all.FirstOrDefault(s => s.Path.AsSpan().SequenceEqual(source.Path));
        if (all.FirstOrDefault(s => s.Name == source.Name) is { } same && same != before)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"the name '{source.Name}'"),
                $"is taken by {PathText.Of(same.Path)}", Advice.NameWatched);
        }

        _records.Write(RecordFiles<WatchData>.FileOf(source.Name), Data(source));
        if (before is not null && before.Name != source.Name) { _records.Remove(RecordFiles<WatchData>.FileOf(before.Name)); }
        return before;
    }

    /// <summary>Takes a source off the list, by its name, or else by its path; what was said of it, or null if there is none.</summary>
    /// <exception cref="VarveException">Storage.</exception>
    internal WatchedSource? Remove(string name, ReadOnlySpan<byte> path)
    {
        using FileLock turn = Await();
        byte[] wanted = path.ToArray();
        IReadOnlyList<WatchedSource> all = Read().Sources;
        WatchedSource? found = all.FirstOrDefault(s => s.Name == name) ?? all.FirstOrDefault(s => s.Path.AsSpan().SequenceEqual(wanted));
        if (found is not null) { _records.Remove(RecordFiles<WatchData>.FileOf(found.Name)); }
        return found;
    }

    /// <summary>A name that may be given: it is shown, typed, and part of a path of archives.</summary>
    /// <exception cref="VarveException">Usage.</exception>
    internal static string CheckName(string name) =>
        name.Length is > 0 and <= 100 && name[0] is not ('.' or '-') && !name.Any(static c => c is '/' or ':' || char.IsControl(c)) ? name
        : throw new VarveException(ErrorKind.Usage, Subject.Request($"the name '{name}'"),
        "is none that a source may have: 1 to 100 letters, without '/' and ':', and no '.' or '-' in front", Advice.NameWatched);

    private WatchedSource Parse(WatchData data, string file)
    {
        byte[] path = data.PathBytes ?? Encoding.UTF8.GetBytes(data.Path ?? "");
        if (data.Name is null || path is not [(byte)'/', ..]) { throw Damaged(file, "has no name or no absolute path"); }
        if ((data.Every is null) == (data.Cron is null)) { throw Damaged(file, "says not when"); }
        try
        {
            return new WatchedSource
            {
                Name = CheckName(data.Name), Path = path,
                Schedule = new ScheduleConfig
                {
                    Every = data.Every is { } every ? WatchSettings.Every.Parse(every, "'every'") : null,
                    Cron = data.Cron is { } cron ? WatchSettings.Cron.Parse(cron, "'cron'") : null,
                    Window = data.Window is { } window ? WatchSettings.Window.Parse(window, "'window'") : null,
                    Continuous = data is { Settle: { } settle, AtMost: { } most } ? new ContinuousConfig(
                        WatchSettings.Settle.Parse(settle, "'settle'"), WatchSettings.AtMost.Parse(most, "'atMost'")) : null,
                },
                Target = new TargetConfig { Repository = data.To, Archive = data.Archive, Keep = data.Keep },
                AlertAfter = data.AlertAfter is { } limit ? WatchSettings.AlertAfter.Parse(limit, "'alertAfter'") : null,
            };
        }
        catch (VarveException e) { throw Damaged(file, "makes no sense: " + e.Message); }
    }

    private static WatchData Data(WatchedSource source)
    {
        bool isText = System.Text.Unicode.Utf8.IsValid(source.Path);
        return new WatchData
        {
            Name = source.Name, Path = isText ? Encoding.UTF8.GetString(source.Path) : null, PathBytes = isText ? null : source.Path,
            Every = source.Schedule.Every is { } every ? Spans.Text(every) : null, Cron = source.Schedule.Cron,
            Window = source.Schedule.Window?.ToString(),
            Settle = source.Schedule.Continuous is { } settled ? Spans.Text(settled.Settle) : null,
            AtMost = source.Schedule.Continuous is { } rate ? "1/" + Spans.Text(rate.AtMost) : null,
            To = source.Target.Repository, Archive = source.Target.Archive, Keep = source.Target.Keep,
            AlertAfter = source.AlertAfter is { } limit ? Spans.Text(limit) : null,
        };
    }

    private FileLock Await()
    {
        int errno = FileLock.Await(directory.Fd, s_lock, Timeout.InfiniteTimeSpan, out FileLock? taken); // another command changes the list
        return taken ?? throw new VarveException(ErrorKind.Storage, Subject.Path(directory.Path),
            "cannot be locked: " + Platform.Errno.Message(errno), Advice.CheckDirectory);
    }

    private VarveException Damaged(string file, string what) =>
        new(ErrorKind.Damaged, Subject.Path(Path.Combine(directory.Path, file)), what, Advice.RemoveRecord);
}
