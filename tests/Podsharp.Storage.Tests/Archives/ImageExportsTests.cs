using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using static Podsharp.Storage.Tests.Archives.ArchiveSamples;

namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class ImageExportsTests : StoreFixture
{
    private static readonly byte[] Base = Layer(("bin/sh", "shell"), ("etc/passwd", new string('r', 3000)));
    private static readonly byte[] Top = Layer(("etc/.wh.passwd", ""), ("new", "file"));

    [Test]
    public async Task Each_layer_is_in_the_archive_once_and_bit_for_bit()
    {
        var one = await LoadAsync(ArchiveOf("one:1", Base));
        var two = await LoadAsync(ArchiveOf("two:1", Base, Top));

        var files = Read(await SaveAsync(one, two));

        foreach (var (name, content) in files.Where(file => file.Name.StartsWith("blobs/", StringComparison.Ordinal)))
            Assert.That(name, Is.EqualTo("blobs/sha256/" + DigestOf(content).Hex));
        Assert.That(files.Select(file => file.Name), Is.Unique);
        Assert.That(files.Single(file => file.Name.EndsWith(DigestOf(Base).Hex, StringComparison.Ordinal)).Content, Is.EqualTo(Base));
        Assert.That(files.Single(file => file.Name.EndsWith(DigestOf(Top).Hex, StringComparison.Ordinal)).Content, Is.EqualTo(Top));
    }

    [Test]
    public async Task The_tables_of_contents_name_image_tags_and_layers()
    {
        var image = await LoadAsync(ArchiveOf("a.org/app:2", Base, Top));

        var files = Read(await SaveAsync(image)).ToDictionary(file => file.Name, file => file.Content);

        var item = JsonNode.Parse(files["manifest.json"])![0]!;
        Assert.That((string?)item["Config"], Is.EqualTo("blobs/sha256/" + image.Id.Hex));
        Assert.That((string?)item["RepoTags"]![0], Is.EqualTo("a.org/app:2"));
        var descriptor = JsonNode.Parse(files["index.json"])!["manifests"]![0]!;
        Assert.That((string?)descriptor["annotations"]!["io.containerd.image.name"], Is.EqualTo("a.org/app:2"));
        var manifest = JsonNode.Parse(files["blobs/sha256/" + ((string)descriptor["digest"]!)[7..]])!;
        Assert.That(manifest["layers"]!.AsArray().Select(layer => (string?)layer!["digest"]), Is.EqualTo(image.Layers.Select(layer => layer.ToString())));
        Assert.That(Encoding.UTF8.GetString(files["repositories"]), Is.EqualTo($$$"""{"a.org/app":{"2":"{{{DigestOf(Top).Hex}}}"}}"""));
        Assert.That(Encoding.UTF8.GetString(files["oci-layout"]), Does.Contain("1.0.0"));
    }

    [Test]
    public async Task An_image_comes_back_as_it_was_from_its_own_archive()
    {
        var image = await LoadAsync(ArchiveOf("app:1", Base, Top));
        var archive = await SaveAsync(image);
        await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);

        var loaded = (await Stores.ImageArchives.LoadAsync(new MemoryStream(archive), CancellationToken.None)).Single();

        Assert.That(loaded.Image.Id, Is.EqualTo(image.Id));
        Assert.That(loaded.Image.ManifestDigest, Is.EqualTo(image.ManifestDigest));
        Assert.That(loaded.Tags.Single().Familiar, Is.EqualTo("app:1"));
        Assert.That(await SaveAsync(loaded.Image), Is.EqualTo(archive));
    }

    [Test]
    public async Task A_parent_comes_back_when_it_is_in_the_archive_too()
    {
        var parent = await LoadAsync(ArchiveOf("parent:1", Base));
        var child = (await LoadAsync(ArchiveOf("child:1", Base, Top))) with { Parent = parent.Id };
        var (both, alone) = (await SaveAsync(parent, child), await SaveAsync(child));
        await RemoveAllAsync();

        var loaded = await Stores.ImageArchives.LoadAsync(new MemoryStream(both), CancellationToken.None);
        Assert.That(loaded.Single(one => one.Image.Id == child.Id).Image.Parent, Is.EqualTo(parent.Id));

        await RemoveAllAsync();
        loaded = await Stores.ImageArchives.LoadAsync(new MemoryStream(alone), CancellationToken.None);
        Assert.That(loaded.Single().Image.Parent, Is.Null);
    }

    [TestCase("changed")]
    [TestCase("shorter")]
    [TestCase("gone")]
    public async Task A_damaged_layer_breaks_the_stream(string how)
    {
        var image = await LoadAsync(ArchiveOf("app:1", Base));
        var file = Path.Join(Paths.Layer(image.Layers[0]), "diff/etc/passwd");
        if (how == "gone") File.Delete(file);
        else await File.WriteAllTextAsync(file, new string('x', how == "changed" ? 3000 : 5));

        var failure = await Assert.ThrowsAsync<EngineException>(() => SaveAsync(image));

        Assert.That(failure!.Message, Does.Contain(image.Layers[0].ToString()).And.Contain("check --repair"));
    }

    [Test]
    public async Task Layers_stay_until_a_save_that_began_before_their_removal_is_done()
    {
        var image = await LoadAsync(ArchiveOf("app:1", Base));
        using var target = new MemoryStream();
        var archive = Stores.ImageExports.Open([new ImageToSave(image, image.Tags, [])]);
        await using (archive)
        {
            await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);
            await archive.WriteToAsync(target, CancellationToken.None);
        }

        Assert.That(Read(target.ToArray()).Select(file => file.Name), Has.Some.EndsWith(DigestOf(Base).Hex));
        Assert.That(Directory.GetDirectories(Paths.Layers), Is.Empty);
    }

    [Test]
    public async Task A_failing_receiver_ends_the_save()
    {
        var image = await LoadAsync(ArchiveOf("app:1", Base));
        await using var archive = Stores.ImageExports.Open([new ImageToSave(image, [], [])]);
        await Assert.ThrowsAsync<IOException>(() => archive.WriteToAsync(new BrokenStream(), CancellationToken.None));
    }

    private async Task<Image> LoadAsync(byte[] archive) =>
        (await Stores.ImageArchives.LoadAsync(new MemoryStream(archive), CancellationToken.None)).Single().Image;

    private async Task<byte[]> SaveAsync(params Image[] images)
    {
        await using var archive = Stores.ImageExports.Open([.. images.Select(image => new ImageToSave(image, image.Tags, []))]);
        using var target = new MemoryStream();
        await archive.WriteToAsync(target, CancellationToken.None);
        return target.ToArray();
    }

    private async Task RemoveAllAsync()
    {
        foreach (var image in Stores.Images.All.ToList()) await Stores.Images.RemoveAsync(image.Id, CancellationToken.None);
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken pipe");
    }
}
