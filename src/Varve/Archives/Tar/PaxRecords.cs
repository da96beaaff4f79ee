using System.Globalization;
using System.Text;
using Varve.Model;

namespace Varve.Archives.Tar;

/// <summary>The records of an extended header. Not thread-safe.</summary>
internal sealed class PaxRecords
{
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    /// <summary>The pairs of numbers of the first format of files with holes, which has a record for each.</summary>
    internal List<long> Numbers { get; } = [];

    /// <summary>Names and values of extended attributes.</summary>
    internal IEnumerable<(string Key, byte[] Value)> All => _values.Select(static v => (v.Key, v.Value));

    /// <summary>Forgets all.</summary>
    internal void Clear()
    {
        _values.Clear();
        Numbers.Clear();
    }

    /// <summary>The value of a record, or null.</summary>
    internal byte[]? Find(string key) => _values.GetValueOrDefault(key);

    /// <summary>A value that is a number; null if there is none, or it is none.</summary>
    internal long? Number(string key) => Find(key) is { } v && long.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out long n)
        ? n : null;

    /// <summary>A value that is a time: seconds, perhaps with a fraction and a sign.</summary>
    internal FileTime? Time(string key)
    {
        if (Find(key) is not { } value) { return null; }
        string text = Encoding.ASCII.GetString(value);
        bool isNegative = text.StartsWith('-');
        string[] parts = (isNegative ? text[1..] : text).Split('.', 2);
        if (!long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)) { return null; }
        string digits = parts.Length == 1 ? "" : parts[1];
        string nine = digits.PadRight(9, '0')[..9];
        if (!int.TryParse(nine, NumberStyles.None, CultureInfo.InvariantCulture, out int nanoseconds)) { return null; }

        if (!isNegative) { return new FileTime(seconds, nanoseconds); }
        return nanoseconds == 0 ? new FileTime(-seconds, 0) : new FileTime(-seconds - 1, 1_000_000_000 - nanoseconds);
    }

    /// <summary>Takes records in; later ones go before earlier ones.</summary>
    /// <exception cref="VarveException">Damaged.</exception>
    internal void Read(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int space = bytes[..Math.Min(bytes.Length, 20)].IndexOf((byte)' ');
            bool isLength = space > 0 && int.TryParse(bytes[..space], NumberStyles.None, CultureInfo.InvariantCulture, out _);
            int length = isLength ? int.Parse(bytes[..space], CultureInfo.InvariantCulture) : 0;
            if (length <= space + 2 || length > bytes.Length || bytes[length - 1] != (byte)'\n') { throw Damaged(); }
            ReadOnlySpan<byte> record = bytes[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0) { throw Damaged(); }
            // Names of attributes are bytes: Latin-1 keeps them.
            string key = Encoding.Latin1.GetString(record[..equals]);
            byte[] value = record[(equals + 1)..].ToArray();
            if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes")
            {
                if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) { throw Damaged(); }
                Numbers.Add(number);
            }

            _values[key] = value;
            bytes = bytes[length..];
        }
    }

    private static VarveException Damaged() => VarveException.Damaged(Subject.PartOnly("an extended header"), "a record in it makes no sense");
}
