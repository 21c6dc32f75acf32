using System.IO.Compression;
using Podsharp.Drivers.Logs;

namespace Podsharp.Drivers.Tests.Logs;

/// <summary>A log whose older files are compressed.</summary>
[CancelAfter(30_000)]
public sealed class CompressedLogTests : LogFixture
{
    [Test]
    public async Task Older_files_are_compressed_as_they_come_and_read_as_before()
    {
        _logs.Keep(_container, 3, compress: true);
        foreach (var (text, number) in ((string, int)[])[("one", 1), ("two", 2), ("three", 3)])
        {
            BeginFile(text);
            await LinkedAsync(number);
        }

        while (Names() is not ["ctr.log", "ctr.log.1.gz", "ctr.log.2.gz", "ctr.log.3"]) await Task.Delay(5, TestContext.CurrentContext.CancellationToken);

        Assert.That(await ReadAsync(All), Is.EqualTo("one\ntwo\nthree\n"));
        await using var gzip = new GZipStream(File.OpenRead(Path + ".1.gz"), CompressionMode.Decompress);
        Assert.That(await new StreamReader(gzip).ReadToEndAsync(), Does.EndWith(" stdout F one\n"));
    }

    [TestCase(1, "five\n")]
    [TestCase(2, "four\nfive\n")]
    [TestCase(4, "two\nthree\nfour\nfive\n")]
    [TestCase(9, "one\ntwo\nthree\nfour\nfive\n")]
    public async Task The_last_lines_are_counted_over_all_files(int tail, string expected)
    {
        BeginFile("one", "two");
        LogParts.Keep(Path, 3);
        BeginFile("three", "four");
        LogParts.Keep(Path, 3);
        CompressAll();
        BeginFile("five");

        Assert.That(await ReadAsync(All with { Tail = tail }), Is.EqualTo(expected));
        Assert.That(Names(), Is.EqualTo(["ctr.log", "ctr.log.1.gz", "ctr.log.2.gz"]), "what was decompressed has no name");
    }

    [Test]
    public void The_oldest_files_go_when_there_are_too_many()
    {
        foreach (var text in (string[])["one", "two", "three", "four"])
        {
            BeginFile(text);
            LogParts.Keep(Path, 2);
            CompressOlder();
        }

        Assert.That(Names(), Is.EqualTo(["ctr.log", "ctr.log.3.gz", "ctr.log.4"]));
    }

    [Test]
    public async Task A_follower_goes_on_behind_a_file_that_was_compressed_while_it_was_read()
    {
        BeginFile("one");
        LogParts.Keep(Path, 5);

        Assert.That(await FallBehindAsync(CompressOlder, "two", "three", "four"), Is.EqualTo("one\ntwo\nthree\nfour\n"));
    }

    [Test]
    public async Task A_file_that_stands_beside_what_it_was_compressed_to_is_read_once()
    {
        BeginTwo();
        var former = await File.ReadAllBytesAsync(Path + ".1");
        CompressOlder();
        await File.WriteAllBytesAsync(Path + ".1", former);

        Assert.That(await ReadAsync(All), Is.EqualTo("one\ntwo\n"));
    }

    [Test]
    public async Task A_damaged_file_is_left_out()
    {
        BeginTwo();
        CompressOlder();
        await File.WriteAllTextAsync(Path + ".1.gz", "nonsense");

        Assert.That(await ReadAsync(All), Is.EqualTo("two\n"));
    }

    [Test]
    public void A_compression_that_is_broken_off_leaves_the_file_as_it_is()
    {
        BeginFile("one");
        LogParts.Keep(Path, 3);

        using (var compression = new LogCompression(LogParts.Of(Path)[0])) compression.Run();

        Assert.That(Names(), Is.EqualTo(["ctr.log", "ctr.log.1"]));
    }

    [Test]
    public void What_a_container_said_is_its_owners_to_read()
    {
        BeginTwo();
        CompressOlder();

        Assert.That(File.GetUnixFileMode(Path + ".1.gz"), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    private void BeginTwo()
    {
        BeginFile("one");
        LogParts.Keep(Path, 3);
        BeginFile("two");
        LogParts.Keep(Path, 3);
    }

    private string[] Names() => [.. Directory.GetFiles(_paths.Container(_container.Id)).Select(path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    private void CompressOlder() => Compress(LogParts.Of(Path).SkipLast(1));

    private void CompressAll() => Compress(LogParts.Of(Path));

    private static void Compress(IEnumerable<LogPart> parts)
    {
        foreach (var part in parts.Where(part => !part.Compressed))
        {
            using var compression = new LogCompression(part);
            compression.Run();
            compression.Complete();
        }
    }
}
