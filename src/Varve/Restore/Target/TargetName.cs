using System.Text;
using Varve.Model;

namespace Varve.Restore.Target;

/// <summary>Names come from the repository and may be hostile: only a name that stays in its directory may reach a system call.</summary>
internal static class TargetName
{
    private const int MostShown = 8192;

    /// <summary>Throws <see cref="ErrorKind.Damaged"/> unless the name is one component of a path.</summary>
    public static void Check(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || name.SequenceEqual("."u8) || name.SequenceEqual(".."u8) || name.IndexOfAny((byte)'/', (byte)0) >= 0)
        {
            throw VarveException.Damaged(Subject.PartOnly("a tree"), $"it holds the name \"{Display(name)}\", which no directory can hold");
        }
    }

    /// <summary>For messages: UTF-8 as far as it is, control characters as "?", at most the last 8,192 bytes.</summary>
    public static string Display(ReadOnlySpan<byte> path)
    {
        bool cut = path.Length > MostShown;
        char[] text = Encoding.UTF8.GetString(cut ? path[^MostShown..] : path).ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i])) { text[i] = '?'; }
        }

        return (cut ? "..." : "") + new string(text);
    }
}
