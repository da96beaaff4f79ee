namespace Varve.Tests.Delta;

/// <summary>A change to a file.</summary>
/// <param name="Kind">0 overwrite, 1 insert, 2 delete, 3 move, 4 zero, 5 cut off, 6 append.</param>
/// <param name="Place">Where, as a share of the length, 0 to 65,535.</param>
/// <param name="Length">How much.</param>
public sealed record Edit(int Kind, int Place, int Length)
{
    /// <summary>The content after some changes.</summary>
    public static byte[] Apply(byte[] content, IEnumerable<Edit> edits)
    {
        var bytes = new List<byte>(content);
        int seed = 0;
        foreach (Edit edit in edits)
        {
            int at = (int)((long)edit.Place * bytes.Count / 65_536), length = Math.Min(edit.Length, bytes.Count - at);
            byte[] fresh = new byte[edit.Length];
            new Random(++seed).NextBytes(fresh);
            switch (edit.Kind)
            {
                case 0:
                    for (int i = 0; i < length; i++) { bytes[at + i] = fresh[i]; }
                    break;
                case 1:
                    bytes.InsertRange(at, fresh);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    List<byte> moved = bytes.GetRange(at, length);
                    bytes.RemoveRange(at, length);
                    bytes.InsertRange(bytes.Count / 3, moved);
                    break;
                case 4:
                    for (int i = 0; i < length; i++) { bytes[at + i] = 0; }
                    break;
                case 5:
                    bytes.RemoveRange(bytes.Count - Math.Min(edit.Length, bytes.Count), Math.Min(edit.Length, bytes.Count));
                    break;
                default:
                    bytes.AddRange(fresh);
                    break;
            }
        }

        return [.. bytes];
    }
}
