using Podsharp.Core.Errors;
using Podsharp.Core.Volumes;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Tests.Volumes;

[Category("Root")]
public sealed class VolumeStoreTests : StoreFixture
{
    [TestCase("")]
    [TestCase("..")]
    [TestCase("a/b")]
    [TestCase("-a")]
    [TestCase("a\n")]
    public async Task Refuses_names_that_are_no_names(string name)
    {
        var error = await Assert.ThrowsAsync<EngineException>(async () => await AddAsync(name));

        Assert.That(error!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
    }

    [Test]
    public async Task Makes_a_volume_once_however_many_ask()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AddAsync("data").AsTask()));

        Assert.That(made, Is.All.SameAs(made[0]));
        Assert.That(Directory.Exists(Stores.Volumes.PathOf("data")), Is.True);
        await ReopenAsync();
        Assert.That(Stores.Volumes.Find("data"), Is.Not.Null);
    }

    [Test]
    public async Task Removes_record_and_content()
    {
        await AddAsync("data");
        await File.WriteAllTextAsync(Path.Join(Stores.Volumes.PathOf("data"), "file"), "x");

        await Stores.Volumes.RemoveAsync("data", CancellationToken.None);
        await Stores.Volumes.RemoveAsync("data", CancellationToken.None);

        Assert.That(Stores.Volumes.All, Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Paths.Volumes), Is.Empty);
        Assert.That(Directory.GetFileSystemEntries(Paths.Staging), Is.Empty);
    }

    [Test]
    public async Task Copies_content_up_with_owner_mode_links_and_attributes()
    {
        var root = Path.Join(Paths.Root, "image");
        Directory.CreateDirectory(Path.Join(root, "real/sub"));
        File.CreateSymbolicLink(Path.Join(root, "data"), "/real");
        await File.WriteAllTextAsync(Path.Join(root, "real/file"), "hello");
        File.CreateSymbolicLink(Path.Join(root, "real/link"), "../outside");
        using (var directory = DirectoryHandle.Open(Path.Join(root, "real")))
        {
            directory.MakeLink(directory, "file", "hard");
            directory.ChangeOwner("file", 12, 34);
            directory.ChangeMode("file", 0b100_110_100_000);
            ExtendedAttributes.Set(directory, "file", "user.note", "kept"u8);
            directory.ChangeOwner("", 5, 6);
            directory.SetModified("", new FileTime(1000, 0));
        }

        await AddAsync("vol");
        await Stores.Volumes.CopyUpAsync("vol", root, "/data", CancellationToken.None);

        using var copy = DirectoryHandle.Open(Stores.Volumes.PathOf("vol"));
        var file = copy.Status("file")!.Value;
        Assert.That((file.UserId, file.GroupId, file.Mode), Is.EqualTo((12u, 34u, 0b100_110_100_000)));
        Assert.That(copy.Status("hard")!.Value.Inode, Is.EqualTo(file.Inode));
        Assert.That(copy.ReadLink("link"), Is.EqualTo("../outside"));
        Assert.That(ExtendedAttributes.Get(copy, "file", "user.note"), Is.EqualTo("kept"u8.ToArray()));
        var top = copy.Status()!.Value;
        Assert.That((top.UserId, top.GroupId, top.Modified.Seconds), Is.EqualTo((5u, 6u, 1000L)));
    }

    [Test]
    public async Task Leaves_a_volume_with_content_as_it_is()
    {
        var root = Directory.CreateDirectory(Path.Join(Paths.Root, "image/data")).Parent!.FullName;
        await File.WriteAllTextAsync(Path.Join(root, "data/file"), "image");
        await AddAsync("vol");
        await File.WriteAllTextAsync(Path.Join(Stores.Volumes.PathOf("vol"), "mine"), "x");

        await Stores.Volumes.CopyUpAsync("vol", root, "/data", CancellationToken.None);

        Assert.That(Directory.GetFileSystemEntries(Stores.Volumes.PathOf("vol")).Select(Path.GetFileName), Is.EqualTo(new[] { "mine" }));
    }

    private ValueTask<Volume> AddAsync(string name) => Stores.Volumes.AddAsync(
        new Volume { Name = name, Created = DateTimeOffset.UtcNow, MountPoint = "/" }, CancellationToken.None);
}
