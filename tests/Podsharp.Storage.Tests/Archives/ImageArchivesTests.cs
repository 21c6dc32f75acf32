using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class ImageArchivesTests : ArchiveFixture
{
    [Test]
    public async Task Loads_the_older_form_in_whatever_order_its_members_come()
    {
        var config = Config(Base, Top);
        var manifest = Manifest("c.json", ["busybox:1.0"], "1/layer.tar", "2/layer.tar");

        var loaded = await LoadAsync(Tar(("2/layer.tar", Top), ("manifest.json", manifest), ("1/layer.tar", Base), ("c.json", config)));

        var image = loaded.Single().Image;
        Assert.That(image.Id, Is.EqualTo(DigestOf(config)));
        Assert.That(loaded[0].Tags.Single().Familiar, Is.EqualTo("busybox:1.0"));
        Assert.That(Stores.Images.Find(ImageReference.Parse("docker.io/library/busybox:1.0"))!.Id, Is.EqualTo(image.Id));
        Assert.That(image.Layers, Is.EqualTo(new[] { DigestOf(Base), DigestOf(Top) }));
        Assert.That(image.Size, Is.EqualTo(13));
        Assert.That(image.Config.Process.Command, Is.EqualTo(new[] { "sh" }));
        Assert.That(Stores.Images.ReadBlob(image.Id), Is.EqualTo(config));
        Assert.That(Stores.Images.ReadBlob(image.ManifestDigest!.Value), Is.Not.Null);
        AssertNothingStaged();
    }

    [Test]
    public async Task Loads_layers_that_are_links_to_others()
    {
        var config = Config(Base, Base);
        var archive = Write(writer =>
        {
            Put(writer, "manifest.json", Manifest("c.json", [], "a/layer.tar", "b/layer.tar"));
            writer.Add(new TarEntry { Name = "b/layer.tar", Kind = TarKind.SymbolicLink, LinkTarget = "../a/layer.tar" });
            Put(writer, "a/layer.tar", Base);
            Put(writer, "c.json", config);
        });

        var loaded = await LoadAsync(archive);

        Assert.That(loaded.Single().Image.Layers, Is.EqualTo(new[] { DigestOf(Base), DigestOf(Base) }));
    }

    [TestCase("gzip")]
    [TestCase("zstd")]
    [TestCase("plain")]
    public async Task Loads_an_image_layout_with_compressed_layers_in_a_compressed_archive(string compression)
    {
        var config = Config(Base);
        var layer = Compress(Base, compression);
        var manifest = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"config":{{{Descriptor(config)}}},"layers":[{{{Descriptor(layer)}}}]}""");
        var nested = Encoding.UTF8.GetBytes(
            $$$"""{"schemaVersion":2,"manifests":[{{{Descriptor("x"u8.ToArray(), "arm64")}}},{{{Descriptor(manifest, "amd64")}}}]}""");
        var index = Encoding.UTF8.GetBytes(
            "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"digest\":\"" + DigestOf(nested)
            + "\",\"annotations\":{\"org.opencontainers.image.ref.name\":\"example.org/app:2\"}}]}");
        var archive = Compress(
            Tar(("index.json", index), (Blob(nested), nested), (Blob(layer), layer), (Blob(config), config), (Blob(manifest), manifest)), compression);

        var loaded = await LoadAsync(archive);

        Assert.That(loaded.Single().Tags.Single().ToString(), Is.EqualTo("example.org/app:2"));
        Assert.That(loaded[0].Image.ManifestDigest, Is.EqualTo(DigestOf(manifest)));
        Assert.That(Stores.Images.FindLayer(DigestOf(Base)), Is.Not.Null);
    }

    [Test]
    public async Task Keeps_nothing_of_an_archive_whose_layers_are_not_the_configurations()
    {
        var archive = Tar(("manifest.json", Manifest("c.json", ["x:1"], "l.tar")), ("c.json", Config(Base)), ("l.tar", Top));

        var error = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(archive));

        Assert.That(error!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        AssertEmpty();
    }

    [Test]
    public async Task Passes_layers_that_it_has_already_and_large_files_that_no_image_needs()
    {
        var config = Config(Base);
        var archive = Tar(
            (Blob(Base), Base),
            ("notes", [.. Enumerable.Repeat((byte)'x', 9 << 20)]),
            (Blob(config), config),
            ("manifest.json", Manifest(Blob(config), ["app:1"], Blob(Base))));
        await LoadAsync(archive);

        var again = await LoadAsync(archive).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.That(again.Single().Image.Id, Is.EqualTo(DigestOf(config)));
    }

    [Test]
    public async Task Keeps_nothing_of_a_truncated_archive()
    {
        var archive = Tar(("l.tar", Base), ("c.json", Config(Base)), ("manifest.json", Manifest("c.json", ["x:1"], "l.tar")));

        var error = await Assert.ThrowsAsync<EngineException>(() => LoadAsync(archive[..(archive.Length / 2)]));

        Assert.That(error!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        AssertEmpty();
    }

    [Test]
    public async Task Passes_over_layers_it_has_and_large_files_it_does_not_know()
    {
        var config = Config(Base);
        var archive = Tar(
            ("manifest.json", Manifest("c.json", ["a:1"], Blob(Base))), ("large", RandomNumberGenerator.GetBytes(9 << 20)), (Blob(Base), Base), ("c.json", config));

        var first = await LoadAsync(archive);
        var second = await LoadAsync(archive);

        Assert.That(second.Single().Image.Id, Is.EqualTo(first.Single().Image.Id));
        AssertNothingStaged();
    }

    [Test]
    public async Task Moves_a_tag_to_the_image_it_is_given_to()
    {
        var first = (await LoadAsync(Simple("a:1", Base)))[0].Image;
        await LoadAsync(Simple("a:1", Base, Top));

        await ReopenAsync();

        Assert.That(Stores.Images.Find(first.Id)!.Tags, Is.Empty);
        Assert.That(Stores.Images.Find(ImageReference.Parse("a:1"))!.Layers, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Keeps_none_of_several_images_when_one_of_them_cannot_be_written()
    {
        var former = (await LoadAsync(Simple("a:1", Base)))[0].Image;
        await ReopenAsync(meanwhile: () => Refuse(DigestOf(Config(Top))));
        var archive = Tar(
            ("manifest.json", Encoding.UTF8.GetBytes(
                """[{"Config":"1.json","RepoTags":["a:1"],"Layers":["b.tar","t.tar"]},{"Config":"2.json","RepoTags":["b:1"],"Layers":["t.tar"]}]""")),
            ("1.json", Config(Base, Top)), ("2.json", Config(Top)), ("b.tar", Base), ("t.tar", Top));

        await Assert.ThrowsAsync<EngineException>(() => LoadAsync(archive));
        await ReopenAsync();

        Assert.That(Stores.Images.All.Single().Id, Is.EqualTo(former.Id));
        Assert.That(Stores.Images.Find(ImageReference.Parse("a:1"))!.Id, Is.EqualTo(former.Id));
        Assert.That(Directory.GetFileSystemEntries(Paths.Layers), Has.Length.EqualTo(1));
        AssertNothingStaged();
    }

    [Test]
    public async Task Imports_a_root_file_system_as_an_image_of_one_layer()
    {
        var config = new ImageConfig { Architecture = "amd64", Process = new ImageProcess { Command = ["/bin/sh"], ExposedPorts = [PortKey.Parse("80")] } };

        var image = await Stores.ImageArchives.ImportAsync(
            new MemoryStream(Compress(Base, "gzip")), config, ImageReference.Parse("mine:1"), CancellationToken.None);

        Assert.That(image.Layers, Is.EqualTo(new[] { DigestOf(Base) }));
        Assert.That(image.Config.Process.ExposedPorts.Single().ToString(), Is.EqualTo("80/tcp"));
        Assert.That(image.Config.History, Has.Count.EqualTo(1));
        Assert.That(Stores.Images.Find(ImageReference.Parse("mine:1"))!.Id, Is.EqualTo(image.Id));
    }

    private void Refuse(Digest image)
    {
        using var connection = new SqliteConnection($"Data Source={Paths.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"CREATE TRIGGER refuse BEFORE INSERT ON image WHEN NEW.id LIKE '%{image.Hex}%' BEGIN SELECT RAISE(ABORT, 'refused'); END";
        command.ExecuteNonQuery();
    }
}
