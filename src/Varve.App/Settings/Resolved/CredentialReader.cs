using System.Diagnostics;
using System.Text;
using Varve.App.Settings.Values;

namespace Varve.App.Settings.Resolved;

/// <summary>Turns a named credential into one that opens key slots: reads the file, runs the command.</summary>
internal static class CredentialReader
{
    /// <summary>More is no password but a wrong file.</summary>
    private const int MaxPassword = 64 << 10;

    internal static Credentials Read(CredentialSource source)
    {
        switch (source.Kind)
        {
            case CredentialKind.Password:
                return new Credentials { Password = source.Value };
            case CredentialKind.KeyFile:
                if (!File.Exists(source.Value))
                {
                    throw new VarveException(ErrorKind.WrongKey, Subject.KeyFile(source.Value), $"does not exist ({source.Origin})");
                }

                return new Credentials { KeyFilePath = source.Value };
            case CredentialKind.PasswordFile:
                return new Credentials { Password = Decode(ReadFile(source.Value), source.Origin) };
            default:
                return new Credentials { Password = Decode(RunCommand(source.Value), source.Origin) };
        }
    }

    /// <summary>The password in a file's or command's output: UTF-8, less one line end, not empty.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes, string origin)
    {
        if (bytes.EndsWith("\n"u8))
        {
            bytes = bytes[..^1];
            if (bytes.EndsWith("\r"u8)) { bytes = bytes[..^1]; }
        }

        if (bytes.IsEmpty) { throw new VarveException(ErrorKind.Usage, Subject.Request($"the password from {origin}"), "is empty"); }

        if (bytes.Length > MaxPassword || !System.Text.Unicode.Utf8.IsValid(bytes))
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"what {origin} gives"),
                "is not a password: longer than 64 KiB, or not UTF-8");
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            return ReadBounded(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Path(path), $"is the password file and cannot be read: {e.Message}",
                Advice.None, e);
        }
    }

    private static byte[] RunCommand(string command)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);
        try
        {
            using Process process = Process.Start(start)!;
            byte[] output = ReadBounded(process.StandardOutput.BaseStream);
            process.StandardOutput.Dispose(); // Whoever still writes gets a broken pipe instead of waiting.
            process.WaitForExit();
            return process.ExitCode == 0 ? output
                : throw new VarveException(ErrorKind.WrongKey, Subject.Request("the password command"),
                $"ended with exit code {process.ExitCode}: {command}");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request("the password command"), $"cannot be run: {e.Message}", Advice.None,
                e);
        }
    }

    private static byte[] ReadBounded(Stream stream)
    {
        var bytes = new byte[MaxPassword + 3]; // One too many, and a line end.
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }
}
