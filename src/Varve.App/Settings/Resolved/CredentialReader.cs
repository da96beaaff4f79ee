using System.Diagnostics;
using System.Text;
using Varve.App.Settings.Values;
using Varve.Platform;
using Varve.Platform.Files;

namespace Varve.App.Settings.Resolved;

/// <summary>Turns a named credential into one that opens key slots: reads the file, runs the command.</summary>
internal static class CredentialReader
{
    /// <summary>More is no password but a wrong file.</summary>
    private const int MaxPassword = 64 << 10;

    private const int Longest = MaxPassword + 3; // one too many, and a line end

    /// <summary>Reads it; <paramref name="warn"/> hears of a password file that is no secret.</summary>
    internal static Credentials Read(CredentialSource source, Action<Notice> warn)
    {
        switch (source.Kind)
        {
            case CredentialKind.Password:
                return new Credentials { Password = source.Value };
            case CredentialKind.KeyFile:
                if (!File.Exists(source.Value))
                {
                    throw new VarveException(ErrorKind.WrongKey, Subject.KeyFile(source.Value), $"does not exist ({source.Origin})",
                        Advice.GiveKey);
                }

                return new Credentials { KeyFilePath = source.Value };
            case CredentialKind.PasswordFile:
                return new Credentials { Password = Decode(ReadFile(source.Value, warn), source.Origin) };
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

    private static byte[] ReadFile(string path, Action<Notice> warn)
    {
        using TrustedFile file = TrustedFile.Open(path, isSecret: true);
        if (file.Problem is { } problem)
        {
            throw new VarveException(ErrorKind.Storage, Subject.Path(path), $"is the password file and is not used: {problem}",
                Advice.CloseToOthers);
        }

        var bytes = new byte[Longest];
        int length = 0, errno = file.Errno;
        if (errno == 0) { errno = file.Read(bytes, out length); }
        if (errno != 0)
        {
            // As with a key file: one that is not there is no key; one that is there and cannot be read is the system's matter.
            throw errno == Errno.ENOENT
                ? new VarveException(ErrorKind.WrongKey, Subject.Path(path), "is the password file and does not exist", Advice.GiveKey)
                : new VarveException(ErrorKind.Storage, Subject.Path(path),
                $"is the password file and cannot be read: {Errno.Message(errno)}", Advice.CheckPermissions);
        }

        if (file.Remark is { } remark)
        {
            warn(new Notice(Subject.Path(path), $"is the password file and is not safe: {remark}", null, Advice.CloseToOthers));
        }

        return bytes[..length];
    }

    private static byte[] RunCommand(string command)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment.Remove(Table.Variables.Token);
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
            throw new VarveException(ErrorKind.WrongKey, Subject.Request("the password command"), $"cannot be run: {Errno.Message(e)}",
                Advice.None, e);
        }
    }

    private static byte[] ReadBounded(Stream stream)
    {
        var bytes = new byte[Longest];
        int length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..length];
    }
}
