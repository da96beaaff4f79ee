using System.Text.RegularExpressions;

namespace Varve.Tests.Architecture;

/// <summary>
/// Who may use whom in the app: its rooms stand in one order, and each uses only those before it, so that there is no cycle. A use is a
/// name from <c>Varve.App.</c> on, or one qualified by a room's first folder.
/// </summary>
internal static partial class AppRule
{
    /// <summary>Every use against the order, every room that the layout does not know, and every one that is too full.</summary>
    public static IEnumerable<Violation> Check(IEnumerable<SourceFile> files)
    {
        List<SourceFile> app = [.. files.Where(static f => f.Path.StartsWith(Layout.App, StringComparison.Ordinal))];
        ILookup<string, string> types = app.SelectMany(static f => f.TopLevelTypes.Select(t => (Room: Room(f), Type: t)))
            .ToLookup(static t => t.Room, static t => t.Type);
        foreach (SourceFile file in app)
        {
            int own = Place(Room(file));
            if (own < 0)
            {
                yield return file.At(0, $"room '{Room(file)}' is not part of the app's layout");
                continue;
            }

            foreach (Match match in Use().Matches(file.Code).Where(static m => !m.Groups["own"].Success))
            {
                string used = match.Groups["room"].Value.Replace('.', '/');
                // Without the whole name it may be a property of that name.
                if (!match.Groups["whole"].Success && !types[used].Contains(match.Groups["next"].Value)) { continue; }
                int place = Place(used) >= 0 ? Place(used) : Place(used.Split('/')[0]);
                if (place > own) { yield return file.At(match.Index, $"{Room(file)} uses {used}, which comes after it"); }
            }
        }

        foreach (IGrouping<string, SourceFile> room in app.GroupBy(Room).Where(static r => r.Count() > Layout.MostAppFiles))
        {
            yield return room.First().At(0, $"{room.Key} has {room.Count()} files; {Layout.MostAppFiles} are the most");
        }
    }

    private static int Place(string room)
    {
        for (int i = 0; i < Layout.AppRooms.Count; i++)
        {
            if (Layout.AppRooms[i] == room) { return i; }
        }

        return -1;
    }

    private static string Room(SourceFile file)
    {
        string rest = file.Path[Layout.App.Length..];
        return rest.Contains('/', StringComparison.Ordinal) ? rest[..rest.LastIndexOf('/')] : "";
    }

    [GeneratedRegex(@"(?<own>\bnamespace\s+)?(?:(?<whole>\bVarve\.App\.)|(?<![.\w]))(?<room>(?:Settings\.(?:Values|Daemon|Table|Line|Configuration|Resolved|Reference)|Output(?:\.(?:Json|Progress|Parts|Paper|Pages|Reports|Changes|Retention|Pruning|Archives|Daemon))?|Host|Completion|Invocation|Daemon(?:\.(?:Schedules|Watch|Runs|Control|Units))?|Commands(?:\.(?:Daemon|Keys|Histories|Retention|Archives))?))\b(?:\.(?<next>\w+)|;|\.)")]
    private static partial Regex Use();
}
