using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Sets what a switch of the .NET runtime is when no environment variable says otherwise, in the runtime that a published program carries.
/// Some switches have no name in runtimeconfig.json, and a variable comes too late from within. The switch is a record {name, default,
/// options} in the program's data (CLRConfig in the runtime's clrconfig.h); what points to the name is a relocation of the ELF file.
/// Run again it changes nothing; where it does not find what it expects, the build fails.
/// </summary>
public sealed class SetHostDefault : Task
{
    [Required] public string Program { get; set; } = "";
    [Required] public string Switch { get; set; } = "";
    [Required] public int Default { get; set; }

    public override bool Execute()
    {
        byte[] file = File.ReadAllBytes(Program);
        long record = Record(file);
        if (record < 0)
        {
            Log.LogError("{0} has no switch {1} where it is looked for", Program, Switch);
            return false;
        }

        int at = checked((int)record) + 8, now = BitConverter.ToInt32(file, at);
        if (now == Default) { return true; }
        if (now != 1 - Default)
        {
            Log.LogError("the default of {0} in {1} is {2}, which is not expected", Switch, Program, now);
            return false;
        }

        using (FileStream stream = new FileStream(Program, FileMode.Open, FileAccess.Write))
        {
            stream.Position = at;
            stream.Write(BitConverter.GetBytes(Default), 0, 4);
        }

        return true;
    }

    // Where the record lies in the file, or -1 unless there is exactly one.
    private long Record(byte[] file)
    {
        if (file.Length < 64 || BitConverter.ToUInt32(file, 0) != 0x464c457f || file[4] != 2) { return -1; }
        long name = ToAddress(file, Find(file, Encoding.Unicode.GetBytes("\0" + Switch + "\0")) + 2);
        long found = -1, relocations = 0, length = 0;
        foreach (long[] part in Parts(file, 2)) // PT_DYNAMIC
        {
            for (long at = part[0]; at < part[0] + part[2]; at += 16)
            {
                long tag = BitConverter.ToInt64(file, (int)at), value = BitConverter.ToInt64(file, (int)at + 8);
                if (tag == 7) { relocations = ToOffset(file, value); } // DT_RELA
                if (tag == 8) { length = value; } // DT_RELASZ
            }
        }

        for (long at = relocations; at >= 0 && at + 24 <= relocations + length; at += 24)
        {
            if (name < 0 || BitConverter.ToInt64(file, (int)at + 16) != name) { continue; }
            if (found >= 0) { return -1; }
            found = ToOffset(file, BitConverter.ToInt64(file, (int)at));
        }

        return found;
    }

    // Program headers of a type: offset in the file, address, length in the file.
    private static System.Collections.Generic.IEnumerable<long[]> Parts(byte[] file, uint type)
    {
        int at = checked((int)BitConverter.ToInt64(file, 32)), count = BitConverter.ToUInt16(file, 56);
        for (int i = 0; i < count; i++, at += 56)
        {
            if (BitConverter.ToUInt32(file, at) != type) { continue; }
            yield return new[]
            {
                BitConverter.ToInt64(file, at + 8), BitConverter.ToInt64(file, at + 16), BitConverter.ToInt64(file, at + 32),
            };
        }
    }

    private static long ToAddress(byte[] file, long offset)
    {
        foreach (long[] p in Parts(file, 1)) // PT_LOAD
        {
            if (offset >= p[0] && offset < p[0] + p[2]) { return p[1] + offset - p[0]; }
        }

        return -1;
    }

    private static long ToOffset(byte[] file, long address)
    {
        foreach (long[] p in Parts(file, 1))
        {
            if (address >= p[1] && address < p[1] + p[2]) { return p[0] + address - p[1]; }
        }

        return -1;
    }

    private static int Find(byte[] file, byte[] what)
    {
        for (int i = Array.IndexOf(file, what[0]); i >= 0 && i <= file.Length - what.Length; i = Array.IndexOf(file, what[0], i + 1))
        {
            int n = 1;
            while (n < what.Length && file[i + n] == what[n]) { n++; }
            if (n == what.Length) { return i; }
        }

        return -3;
    }
}
