using Podsharp.Drivers.Logs;

namespace Podsharp.Drivers.Tests.Logs;

/// <summary>A log whose monitor begins a new file in place of the full one.</summary>
[CancelAfter(30_000)]
public sealed class RotatedLogTests : LogFixture
{
    [Test]
    public async Task All_files_are_read_oldest_first()
    {
        BeginFile("one", "two");
        LogParts.Keep(Path, 3);
        BeginFile("three");
        LogParts.Keep(Path, 3);
        BeginFile("four");

        Assert.That(await ReadAsync(All), Is.EqualTo("one\ntwo\nthree\nfour\n"));
    }

    [Test]
    public async Task The_oldest_files_go_when_there_are_too_many()
    {
        foreach (var text in (string[])["one", "two", "three", "four"])
        {
            BeginFile(text);
            LogParts.Keep(Path, 2);
        }

        Assert.That(await ReadAsync(All), Is.EqualTo("three\nfour\n"));
        Assert.That(Directory.GetFiles(_paths.Container(_container.Id)), Has.Length.EqualTo(3), "the file, its second name, and the one before it");
    }

    [Test]
    public async Task The_tenth_file_comes_after_the_ninth()
    {
        for (var i = 1; i <= 11; i++)
        {
            BeginFile($"file {i}");
            LogParts.Keep(Path, 3);
        }

        Assert.That(await ReadAsync(All), Is.EqualTo("file 9\nfile 10\nfile 11\n"));
    }

    [TestCase(1, "five\n")]
    [TestCase(2, "four\nfive\n")]
    [TestCase(3, "three\nfour\nfive\n")]
    [TestCase(9, "one\ntwo\nthree\nfour\nfive\n")]
    public async Task The_last_lines_are_counted_over_all_files(int tail, string expected)
    {
        BeginFile("one", "two");
        LogParts.Keep(Path, 3);
        BeginFile("three", "four");
        LogParts.Keep(Path, 3);
        BeginFile("five");

        Assert.That(await ReadAsync(All with { Tail = tail }), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_new_file_is_linked_as_it_comes()
    {
        BeginFile("one");
        _logs.Keep(_container, 3, compress: false);
        BeginFile("two");
        await LinkedAsync(2);
        BeginFile("three");
        await LinkedAsync(3);

        Assert.That(await ReadAsync(All), Is.EqualTo("one\ntwo\nthree\n"));
    }

    [Test]
    public async Task Nothing_is_linked_any_more_when_the_container_has_ended()
    {
        _logs.Keep(_container, 3, compress: false);
        BeginFile("one");
        await LinkedAsync(1);
        _logs.Release(_container.Id);
        BeginFile("two");
        LogParts.Keep(Path, 3);

        Assert.That(LogParts.Of(Path).Select(part => part.Number), Is.EqualTo([1, 2]));
    }

    [Test]
    public void One_file_needs_no_second_name()
    {
        BeginFile("one");

        _logs.Keep(_container, 1, compress: false);

        Assert.That(Directory.GetFiles(_paths.Container(_container.Id)), Is.EqualTo([Path]));
    }

    [Test]
    public async Task A_follower_that_falls_behind_reads_every_file_that_was_kept()
    {
        BeginFile("one");
        LogParts.Keep(Path, 5);

        Assert.That(await FallBehindAsync(static () => { }, "two", "three", "four"), Is.EqualTo("one\ntwo\nthree\nfour\n"));
    }

    [Test]
    public async Task Details_stand_before_each_line_and_not_before_its_pieces()
    {
        await File.WriteAllTextAsync(Path, Record("P", "one ") + Record("F", "line") + Record("F", "next"));

        Assert.That(await ReadAsync(All with { Details = "a=b " }), Is.EqualTo("a=b one line\na=b next\n"));
    }
}
