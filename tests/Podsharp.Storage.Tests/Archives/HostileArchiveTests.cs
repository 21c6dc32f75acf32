using Podsharp.Core.Errors;

namespace Podsharp.Storage.Tests.Archives;

/// <summary>What an archive may hold to do harm. It is refused in time, with a word on what is wrong, and nothing of it is kept.</summary>
[Category("Root")]
[CancelAfter(60_000)]
public sealed class HostileArchiveTests : ArchiveFixture
{
    [TestCaseSource(typeof(HostileArchives), nameof(HostileArchives.Names))]
    public async Task Is_refused(string name)
    {
        var (archive, said) = HostileArchives.Make(name);

        var failure = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(archive).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.InvalidInput), failure.Message);
        Assert.That(failure.Message, Does.Contain(said));
        AssertEmpty();
    }

    [Test]
    public async Task Indexes_that_name_each_other_many_times_are_each_read_once()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => LoadAsync(HostileArchives.Web(levels: 5, width: 2000)).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.That(failure!.Message, Does.Contain("names no image that is in it"));
        AssertEmpty();
    }

    [Test]
    public async Task Layers_of_one_name_leave_nothing_behind_but_the_one_that_counts()
    {
        var archive = Tar(
            ("l.tar", Top), ("l.tar", Base), ("c.json", Config(Base)), ("manifest.json", Manifest("c.json", ["a:1"], "l.tar")));

        var loaded = await LoadAsync(archive);

        Assert.That(loaded.Single().Image.Layers, Is.EqualTo(new[] { DigestOf(Base) }));
        Assert.That(Directory.GetFileSystemEntries(Paths.Layers), Has.Length.EqualTo(1));
        AssertNothingStaged();
    }
}
