using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Podsharp.System.Tests.Images;

public sealed class ImageTests : EngineTest
{
    private string _name = "";

    [SetUp]
    public void ChooseName() => _name = $"podsharp-test-{Guid.NewGuid():N}"[..22];

    [TearDown]
    public async Task RemoveImagesAsync()
    {
        await RemoveContainersAsync();
        await Docker.RunAsync("rmi", "-f", _name, _name + ":two");
    }

    [Test]
    public async Task Load_names_what_it_loaded()
    {
        await using var archive = File.OpenRead(await BusyboxImage.ArchiveAsync());

        var output = await (Docker.Command("load") with { Input = stream => archive.CopyToAsync(stream) }).OutputAsync();

        Assert.That(output, Does.Contain($"Loaded image: {Image}"));
    }

    [Test]
    public async Task Load_takes_a_gzip_archive()
    {
        var output = await (Docker.Command("load", "-q") with { Input = WriteCompressedAsync }).OutputAsync();

        Assert.That(output, Does.Contain($"Loaded image: {Image}"));
    }

    [Test]
    public async Task Load_refuses_what_is_no_archive()
    {
        var result = await Docker.Command("load").WithInput(new string('x', 4096)).RunAsync();

        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Import_makes_an_image_of_a_root_file_system_with_changes()
    {
        using var layer = new MemoryStream();
        await BusyboxImage.WriteLayerAsync(layer);
        layer.Position = 0;

        await (Docker.Command("import", "-c", "CMD [\"echo\", \"imported\"]", "-c", "ENV A=b", "-c", "WORKDIR /www", "-", _name) with
        {
            Input = stream => layer.CopyToAsync(stream),
        }).OutputAsync();

        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "none", _name), Is.EqualTo("imported"));
        Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "none", _name, "sh", "-c", "echo $A; pwd"), Is.EqualTo("b\n/www"));
    }

    [Test]
    public async Task A_second_name_shows_the_same_image()
    {
        await Docker.OutputAsync("tag", Image, $"{_name}:two");

        Assert.That(await IdAsync($"{_name}:two"), Is.EqualTo(await IdAsync(Image)));
        Assert.That(await Docker.OutputAsync("images", "-q", "--no-trunc", $"{_name}:two"), Is.EqualTo(await IdAsync(Image)));
    }

    [Test]
    public async Task Removing_one_of_two_names_only_untags()
    {
        await Docker.OutputAsync("tag", Image, $"{_name}:two");

        var output = await Docker.OutputAsync("rmi", $"{_name}:two");

        Assert.That(output, Is.EqualTo($"Untagged: {_name}:two"));
        Assert.That(await IdAsync(Image), Does.StartWith("sha256:"));
    }

    [Test]
    public async Task An_image_in_use_is_not_removed()
    {
        await ImportSmallAsync();
        var container = NewName();
        await Docker.OutputAsync("create", "--name", container, _name, "true");

        var result = await Docker.RunAsync("rmi", await IdAsync(_name));

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("conflict").IgnoreCase);
    }

    [Test]
    public async Task A_removed_image_is_gone()
    {
        await ImportSmallAsync();
        var id = await IdAsync(_name);

        var output = await Docker.OutputAsync("rmi", _name);

        Assert.That(output, Does.Contain($"Untagged: {_name}:latest").And.Contain($"Deleted: {id}"));
        Assert.That((await Docker.RunAsync("image", "inspect", _name)).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task History_tells_how_it_was_made()
    {
        Assert.That(await Docker.OutputAsync("history", "--no-trunc", "--format", "{{.CreatedBy}}", Image), Is.EqualTo("podsharp tests"));
    }

    [Test]
    public async Task Inspect_tells_configuration_and_size()
    {
        var image = (await Engine.Http.GetFromJsonAsync<JsonObject>($"v1.43/images/{Image}/json"))!;

        Assert.That(image["Config"]!["Cmd"]!.AsArray().Select(part => (string?)part), Is.EqualTo(new[] { "sh" }));
        Assert.That((string?)image["Os"], Is.EqualTo("linux"));
        Assert.That((long)image["Size"]!, Is.GreaterThan(500_000));
        Assert.That(image["RootFS"]!["Layers"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task List_filters_by_reference_and_label()
    {
        Assert.That(await Docker.LinesAsync("images", "--filter", "reference=podsharp-test-busybox", "--format", "{{.Repository}}:{{.Tag}}"), Is.EqualTo(new[] { Image }));
        Assert.That(await Docker.LinesAsync("images", "--filter", "label=podsharp.test=image", "--filter", $"reference={Image}", "-q"), Has.Length.EqualTo(1));
        Assert.That(await Docker.LinesAsync("images", "--filter", "label=podsharp.test=other", "-q"), Is.Empty);
    }

    private static Task<string> IdAsync(string name) => Docker.OutputAsync("image", "inspect", "-f", "{{.Id}}", name);

    private Task<string> ImportSmallAsync() => (Docker.Command("import", "-m", _name, "-", _name) with { Input = BusyboxImage.WriteLayerAsync }).OutputAsync();

    private static async Task WriteCompressedAsync(Stream stream)
    {
        await using var archive = File.OpenRead(await BusyboxImage.ArchiveAsync());
        await using var gzip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true);
        await archive.CopyToAsync(gzip);
    }
}
