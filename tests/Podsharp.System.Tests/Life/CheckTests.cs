using System.Formats.Tar;

namespace Podsharp.System.Tests.Life;

/// <summary>Whether the store is whole, and stays it whenever the service is killed.</summary>
public sealed class CheckTests : ServiceTest
{
    [Test]
    public async Task A_damaged_layer_is_found_removed_and_comes_back_with_a_load()
    {
        var service = await StartWithImageAsync();
        var busy = await service.ServiceCommand("check", "--root", service.Root, "--runroot", service.RunRoot).RunAsync();
        Assert.That(busy.ExitCode, Is.EqualTo(2));
        Assert.That(busy.Error, Does.Contain("is served by"));
        await service.StopAsync();
        Assert.That(await CheckAsync(service), Is.EqualTo((0, "1 layers and 2 blobs checked, 0 damaged or missing")));

        var file = Path.Join(Directory.GetDirectories(Path.Join(service.Root, "layers")).Single(), "diff/etc/notes");
        await File.AppendAllTextAsync(file, "tampered");
        var time = File.GetLastWriteTimeUtc(file);
        await File.WriteAllTextAsync(file, new string('x', "not a program\n".Length));
        File.SetLastWriteTimeUtc(file, time);

        var (code, output) = await CheckAsync(service);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("its content has another digest").And.Contain(Image));
        (code, output) = await CheckAsync(service, "--repair");
        Assert.That((code, output.Contains("removed: load or pull", StringComparison.Ordinal)), Is.EqualTo((1, true)));
        await service.StartAgainAsync();
        Assert.That((await service.Docker.RunAsync("run", "--rm", Image, "true")).Error, Does.Contain("missing from the store"));
        await service.LoadImageAsync();
        Assert.That(await service.Docker.OutputAsync("run", "--rm", Image, "cat", "/etc/notes"), Is.EqualTo("not a program"));
        await service.StopAsync();
        Assert.That((await CheckAsync(service)).Code, Is.Zero);
    }

    [Test]
    public async Task What_is_damaged_is_fetched_again_from_the_registry_that_is_known_to_have_it()
    {
        if (!DockerRegistry.IsInstalled) Assert.Ignore("docker-registry is not installed");
        var service = await StartWithImageAsync();
        await using var registry = await DockerRegistry.StartAsync(service);
        var name = $"{registry.Host}/damaged:1";
        await service.Docker.OutputAsync("tag", Image, name);
        await service.Docker.OutputAsync("push", "-q", name);
        await service.Docker.OutputAsync("rmi", name, Image);
        await service.Docker.OutputAsync("pull", "-q", name);
        var id = await service.Docker.OutputAsync("image", "inspect", "-f", "{{.Id}}", name);
        await service.StopAsync();

        var notes = Path.Join(Directory.GetDirectories(Path.Join(service.Root, "layers")).Single(), "diff/etc/notes");
        File.SetUnixFileMode(notes, (UnixFileMode)0b111_111_111);
        var (code, output) = await CheckAsync(service);
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output, Does.Contain("etc/notes has the mode 0777, not 0644").And.Contain(name));

        await File.WriteAllTextAsync(Path.Join(service.Root, "blobs/sha256", id.Split(':')[1]), "{}");
        (code, output) = await CheckAsync(service, "--repair");
        Assert.That(code, Is.EqualTo(1));
        Assert.That(output.Split('\n').Count(line => line.EndsWith($"fetched again from {registry.Host}/damaged", StringComparison.Ordinal)), Is.EqualTo(2), output);
        Assert.That((await CheckAsync(service)).Code, Is.Zero);
        await service.StartAgainAsync();
        Assert.That(await service.Docker.OutputAsync("run", "--rm", "--network", "none", name, "stat", "-c", "%a", "/etc/notes"), Is.EqualTo("644"));
    }

    [TestCase("load", 30)]
    [TestCase("load", 120)]
    [TestCase("load", 300)]
    [TestCase("rmi", 0)]
    [TestCase("rmi", 5)]
    [TestCase("rmi", 20)]
    public async Task The_store_is_whole_after_a_kill_during(string step, int milliseconds)
    {
        var service = await StartWithImageAsync();
        if (step == "rmi") await LoadBigAsync(service).RunAsync();
        await using (var client = (step == "rmi" ? service.Docker.Command("rmi", "big:1") : LoadBigAsync(service)).Start())
        {
            await Task.Delay(milliseconds);
            await service.KillAsync();
            await client.WaitAsync();
        }

        await service.StartAgainAsync();
        var images = await service.Docker.LinesAsync("images", "-q");
        // What the killed one left half-made goes beside other work.
        var staged = await Eventually.SettleAsync(() => Directory.GetFileSystemEntries(Path.Join(service.Root, "tmp")), entries => entries.Length == 0);
        await service.StopAsync();

        Assert.That(staged, Is.Empty);
        Assert.That((await CheckAsync(service)).Code, Is.Zero);
        Assert.That(Directory.GetDirectories(Path.Join(service.Root, "layers")), Has.Length.EqualTo(images.Length));
        Assert.That(Directory.GetFiles(Path.Join(service.Root, "blobs/sha256")), Has.Length.EqualTo(2 * images.Length));
    }

    private static async Task<(int Code, string Output)> CheckAsync(PodsharpService service, params string[] options)
    {
        var result = await service.ServiceCommand(["check", .. options, "--root", service.Root, "--runroot", service.RunRoot]).RunAsync();
        return (result.ExitCode, result.Both.TrimEnd('\n'));
    }

    private static Command LoadBigAsync(PodsharpService service) => service.Docker.Command("load", "-q") with { Input = WriteBigAsync };

    private static async Task WriteBigAsync(Stream stream)
    {
        using var layer = new MemoryStream();
        await using (var tar = new TarWriter(layer, TarEntryFormat.Pax, leaveOpen: true))
        {
            for (var i = 0; i < 3000; i++)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"file-{i}") { DataStream = new MemoryStream(new byte[10_000]) });
        }

        try
        {
            await BusyboxImage.WriteDockerArchiveAsync(stream, "big:1", layer.ToArray());
        }
        catch (IOException)
        {
            // The killed service's client is gone.
        }
    }
}
