using System.Formats.Tar;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux.Files;
using Podsharp.Storage.Archives;

namespace Podsharp.Storage.Tests.Archives;

/// <summary>Tars with bytes changed, put in and cut out. The same seed gives the same ones.</summary>
[Category("Root")]
public sealed class DamagedPathArchiveTests
{
    private readonly PathArchives _archives = new();
    private string _directory = "";

    [SetUp]
    public void MakeRoot()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-damaged-").FullName;
        Directory.CreateDirectory(Path.Join(_directory, "root/d"));
        File.WriteAllText(Path.Join(_directory, "canary"), "untouched");
    }

    [TearDown]
    public void Remove() => FileTree.Remove(_directory);

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public async Task One_is_unpacked_or_refused_and_nothing_gets_out_of_the_root(int seed)
    {
        var random = new Random(seed);
        var sound = await SoundAsync();
        var root = Path.Join(_directory, "root");
        for (var round = 0; round < 150; round++)
        {
            var facts = _archives.Look(root, "/d") ?? throw new InvalidOperationException("the directory has gone");
            try
            {
                await _archives.ExtractAsync(root, facts, new MemoryStream(Damaged(sound, random)), new ExtractionRules(random.Next(2) == 0, null), CancellationToken.None);
            }
            catch (EngineException refusal)
            {
                Assert.That(refusal.Kind, Is.EqualTo(ErrorKind.InvalidInput), $"seed {seed}, round {round}: {refusal}");
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {seed}, round {round}: {failure}");
            }
        }

        Assert.That(await File.ReadAllTextAsync(Path.Join(_directory, "canary")), Is.EqualTo("untouched"));
        Assert.That(Directory.GetFileSystemEntries(_directory), Has.Length.EqualTo(2));
    }

    private static async Task<byte[]> SoundAsync()
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Pax, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Directory, "one/"));
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, "one/file") { DataStream = new MemoryStream(new byte[3000]) });
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "one/link") { LinkName = "../one/file" });
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.HardLink, "hard") { LinkName = "one/file" });
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, new string('n', 200)) { DataStream = new MemoryStream([1, 2, 3]) });
            await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.Fifo, "pipe"));
        }

        return tar.ToArray();
    }

    /// <summary>Half of the damage is in numbers and names, where it does most, with the header's sum put right again.</summary>
    private static byte[] Damaged(byte[] sound, Random random)
    {
        var tar = sound.ToArray();
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            var block = random.Next(tar.Length / 512) * 512;
            var at = block + (random.Next(2) == 0 ? random.Next(512) : random.Next(100, 160));
            tar[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)random.Next('0', '9' + 1), _ => (byte)random.Next('/', '9') };
            if (tar.AsSpan(block + 257, 5).SequenceEqual("ustar"u8)) Seal(tar.AsSpan(block, 512));
        }

        return random.Next(6) == 0 ? tar[..random.Next(tar.Length)] : tar;
    }

    private static void Seal(Span<byte> header)
    {
        header.Slice(148, 8).Fill((byte)' ');
        var sum = 0;
        foreach (var one in header) sum += one;
        System.Text.Encoding.ASCII.GetBytes($"{Convert.ToString(sum, 8).PadLeft(6, '0')}\0 ").CopyTo(header[148..]);
    }
}
