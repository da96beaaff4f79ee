using Varve.Format;
using Varve.Keys;
using Varve.Model;
using Varve.Store;

namespace Varve.Vault.Open;

/// <summary>The key slots of a repository: list, add, remove. Whoever adds or removes has made sure that the key is a full one.</summary>
internal sealed class KeyRing(IStore store, SecretBundle bundle, ObjectName current, RepositoryOptions options)
{
    internal IReadOnlyList<KeySlotInfo> List()
    {
        var damaged = new List<VarveException>();
        List<KeySlot> slots = RepositoryOpener.ReadSlots(store, damaged);
        foreach (VarveException e in damaged) { options.Warn?.Invoke(Notice.Of(e)); }
        return [.. slots.OrderBy(s => s.Created, StringComparer.Ordinal).ThenBy(s => s.Name).Select(Info)];
    }

    internal KeySlotInfo Add(KeyLevel level, Credentials credentials, string label)
    {
        SecretBundle secrets = level == KeyLevel.Full ? bundle : bundle.ToWriteLevel();
        KeySlot slot = Wrap(secrets, credentials, label, Rfc3339.Of(options.Time.GetUtcNow()));
        store.Put(ObjectKeys.KeySlot(slot.Name), slot.Bytes.Span);
        return Info(slot);
    }

    internal void Remove(string spec)
    {
        List<KeySlotInfo> all = [.. List()];
        List<KeySlotInfo> hits = all.FindAll(s => s.Label == spec
            || (spec.Length >= 4 && s.Name.ToString().StartsWith(spec, StringComparison.Ordinal)));
        if (hits.Count == 0)
        {
            throw new VarveException(ErrorKind.NotFound, Subject.Request($"'{spec}'"),
                "is the label of no key slot, and no name starts with it", Advice.ListKeys);
        }
        if (hits.Count > 1)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"), $"fits {hits.Count} key slots", Advice.ListKeys);
        }
        if (hits[0].Level == KeyLevel.Full && all.Count(s => s.Level == KeyLevel.Full) == 1)
        {
            throw new VarveException(ErrorKind.Usage, Subject.Request($"'{spec}'"),
                "is the last full key: without it nothing could be restored", Advice.AddKeyFirst);
        }

        store.Delete(ObjectKeys.KeySlot(hits[0].Name));
    }

    /// <summary>Wraps a bundle under a password or a key file, which is created when it does not exist.</summary>
    internal static KeySlot Wrap(SecretBundle bundle, Credentials credentials, string label, string created)
    {
        if (credentials.Password is { } password) { return KeySlot.CreateWithPassword(bundle, password, label, created); }
        string path = credentials.KeyFilePath ?? throw new ArgumentException("neither password nor key file", nameof(credentials));
        KeyFile file;
        if (File.Exists(path)) { file = KeyFile.Load(path); }
        else
        {
            file = KeyFile.Create();
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
            file.Save(path);
        }

        return KeySlot.CreateWithKeyFile(bundle, file, label, created);
    }

    internal static string MethodName(KeyMethod method) => method == KeyMethod.Password ? "password" : "keyfile";

    private KeySlotInfo Info(KeySlot slot) =>
        new(slot.Name, slot.Level, MethodName(slot.Method), slot.Label, slot.Created, slot.Name == current);
}
