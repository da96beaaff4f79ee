namespace Varve.Tests.Architecture;

/// <summary>Rooms: folders of the library at the first and second level. They have an order, and a size that can be taken in.</summary>
internal static class RoomRule
{
    /// <summary>
    /// Where the folder says in which order its rooms come: what uses a room after its own, or the folder that wires them all.
    /// </summary>
    public static IEnumerable<Violation> Order(IReadOnlyList<SourceFile> files)
    {
        var uses = new TypeUses(files.Where(f => f.IsLibrary));
        foreach (SourceFile file in files.Where(f => f.IsLibrary && Layout.Rooms.ContainsKey(f.Folder!)))
        {
            string folder = file.Folder!;
            int own = Rank(folder, file.Room!);
            if (own < 0) { yield return file.At(0, $"room '{file.Room}' is not part of the layout"); }
            foreach ((int offset, string room) in TypeUses.Imports(file).Concat(uses.Of(file).Select(u => (u.Offset, u.Room))))
            {
                if (Rank(folder, room) > own) { yield return file.At(offset, $"{file.Room} uses {room}"); }
            }
        }
    }

    /// <summary>Rooms that use each other, be it by way of others.</summary>
    public static IEnumerable<string> Cycles(IReadOnlyList<SourceFile> files)
    {
        var uses = new TypeUses(files.Where(f => f.IsLibrary));
        Dictionary<string, HashSet<string>> used = files.Where(f => f.IsLibrary).GroupBy(f => f.Room!)
            .ToDictionary(g => g.Key, g => g.SelectMany(uses.Of).Select(u => u.Room).ToHashSet());
        foreach (string room in used.Keys.Order(StringComparer.Ordinal))
        {
            if (Reached(room, used).Contains(room)) { yield return $"{room} is used by what it uses"; }
        }
    }

    /// <summary>Rooms of too many files or lines.</summary>
    public static IEnumerable<string> Sizes(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsLibrary
        group Lines(file) by file.Room into room
        where room.Count() > Layout.MostFilesInRoom || room.Sum() > Layout.MostLinesInRoom
        select $"{room.Key} has {room.Count()} files and {room.Sum()} lines; {Layout.MostFilesInRoom} and {Layout.MostLinesInRoom} are the most";

    /// <summary>Types of too many lines over all their parts.</summary>
    public static IEnumerable<string> TypeLengths(IReadOnlyList<SourceFile> files) =>
        from file in files
        where file.IsLibrary
        from type in file.TopLevelTypes
        group Lines(file) by $"{file.Namespace}.{type}" into type
        where type.Sum() > Layout.MostLinesOfType && !Layout.LongTypes.ContainsKey(type.Key)
        select $"{type.Key} has {type.Sum()} lines in {type.Count()} files; {Layout.MostLinesOfType} are the most";

    /// <summary>The place of a room in its folder's order, the folder itself last; -1 for a room that is not in it.</summary>
    private static int Rank(string folder, string room)
    {
        IReadOnlyList<string> rooms = Layout.Rooms[folder];
        return room == folder ? rooms.Count : rooms.ToList().FindIndex(r => $"{folder}/{r}" == room);
    }

    private static HashSet<string> Reached(string room, Dictionary<string, HashSet<string>> used)
    {
        var reached = new HashSet<string>();
        var next = new Stack<string>(used[room]);
        while (next.TryPop(out string? at))
        {
            if (!reached.Add(at)) { continue; }
            foreach (string further in used.GetValueOrDefault(at) ?? []) { next.Push(further); }
        }

        return reached;
    }

    private static int Lines(SourceFile file) => file.Text.AsSpan().Count('\n');
}
