using CsCheck;
using Podsharp.Linux.Files;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Tar;

public sealed class TarRoundTripTests
{
    private static readonly Gen<string> Name = Gen.Byte.Where(one => one is not (0 or (byte)'/')).Array[1, 120]
        .Select(bytes => PathText.FromBytes(bytes)).Where(name => name is not ("." or ".."));

    private static readonly Gen<(string, byte[])> Attribute = Gen.Select(
        Gen.Char['a', 'z'].Array[1, 20].Select(letters => "user." + new string(letters)), Gen.Byte.Array[1, 300]);

    private static readonly Gen<(TarEntry Entry, byte[] Data)> Entry = Gen.Select(
        Name.Array[1, 4].Select(parts => string.Join('/', parts)),
        Gen.Int[0, 6],
        Gen.Byte.Array[0, 2000],
        Gen.Select(Gen.Int[0, 0xFFF], Gen.UInt[0, uint.MaxValue - 1], Gen.UInt[0, uint.MaxValue - 1]),
        Gen.Select(Gen.Long[-100_000_000_000, 100_000_000_000], Gen.UInt[0, 999_999_999]),
        Attribute.List[0, 3],
        Make);

    [Test]
    public void Reads_back_what_it_wrote() =>
        Entry.List[0, 20].Sample(
            entries =>
            {
                using var stream = new MemoryStream();
                var writer = new TarWriter(stream);
                foreach (var (entry, data) in entries)
                {
                    writer.Add(entry);
                    writer.Write(data);
                }

                writer.Finish();
                stream.Position = 0;
                using var rest = new MemoryStream();
                var reader = new TarReader(stream, bytes => rest.Write(bytes), bufferSize: 1024);
                foreach (var (entry, data) in entries)
                {
                    if (!Same(entry, data, reader)) return false;
                }

                return reader.Next() is null && rest.Length + entries.Sum(one => one.Data.Length) == stream.Length;
            },
            iter: 300);

    private static bool Same(TarEntry wanted, byte[] data, TarReader reader)
    {
        if (reader.Next() is not { } read) return false;
        var content = new List<byte>();
        while (reader.Remaining > 0) content.AddRange(reader.TakeData());
        var attributes = wanted.Attributes.DistinctBy(one => one.Name).ToList();
        return read.Name == wanted.Name && read.Kind == wanted.Kind && read.LinkTarget == wanted.LinkTarget && read.Mode == wanted.Mode
            && read.UserId == wanted.UserId && read.GroupId == wanted.GroupId && read.Modified == wanted.Modified && read.Size == wanted.Size
            && read.DeviceMajor == wanted.DeviceMajor && read.DeviceMinor == wanted.DeviceMinor && content.SequenceEqual(data)
            && read.Attributes.Count == attributes.Count
            && attributes.TrueForAll(one => read.Attributes.Any(other => other.Name == one.Name && other.Value.SequenceEqual(one.Value)));
    }

    private static (TarEntry Entry, byte[] Data) Make(
        string name, int kind, byte[] data, (int Mode, uint User, uint Group) owner, (long Seconds, uint Nanoseconds) time, List<(string, byte[])> attributes)
    {
        var tarKind = (TarKind)kind;
        var isFile = tarKind == TarKind.File;
        // A trailing slash is how v7 writes a directory: not a file's name.
        return (new TarEntry
        {
            Name = name,
            Kind = tarKind,
            LinkTarget = tarKind is TarKind.HardLink or TarKind.SymbolicLink ? "target/" + name : "",
            Mode = owner.Mode,
            UserId = owner.User,
            GroupId = owner.Group,
            Modified = new FileTime(time.Seconds, time.Nanoseconds),
            DeviceMajor = tarKind is TarKind.BlockDevice ? 8u : 0,
            DeviceMinor = tarKind is TarKind.BlockDevice ? 70_000u : 0,
            Size = isFile ? data.Length : 0,
            Attributes = [.. attributes.DistinctBy(one => one.Item1)],
        }, isFile ? data : []);
    }
}
