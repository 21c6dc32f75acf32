using System.Formats.Tar;
using System.Net;

namespace Podsharp.System.Tests.Containers;

public sealed class ExportTests : EngineTest
{
    [Test]
    public async Task A_running_container_is_exported_without_its_volumes()
    {
        var name = NewName();
        await Docker.OutputAsync(
            "run", "-d", "--name", name, "-v", "/data", "--tmpfs", "/tmp", Image, "sh", "-c", "echo v > /data/in-volume; echo t > /tmp/x; echo own > /own; rm /etc/notes; exec sleep 600");
        await Eventually.SettleAsync(async () => await Docker.RunAsync("exec", name, "ls", "/etc/notes"), result => result.ExitCode != 0);

        var entries = await ExportAsync(name);

        Assert.That(entries, Does.Contain("own").And.Contain("bin/busybox").And.Contain("bin/sh -> /bin/busybox"));
        Assert.That(entries, Has.None.EqualTo("etc/notes"));
        Assert.That(entries, Has.None.StartsWith("data/in").And.None.StartsWith("tmp/x").And.None.StartsWith("proc/1"));
    }

    [Test]
    public async Task An_exported_root_runs_when_it_is_imported()
    {
        var (name, image) = (NewName(), $"podsharp-test-{Guid.NewGuid():N}"[..22]);
        await Docker.OutputAsync("run", "--name", name, "--network", "none", Image, "sh", "-c", "echo kept > /kept");
        try
        {
            using var tar = new MemoryStream();
            await (Docker.Command("export", name) with { Output = stream => stream.CopyToAsync(tar) }).RunAsync();
            tar.Position = 0;
            await (Docker.Command("import", "-", image) with { Input = stream => tar.CopyToAsync(stream) }).OutputAsync();

            Assert.That(await Docker.OutputAsync("run", "--rm", "--network", "none", image, "cat", "/kept"), Is.EqualTo("kept"));
        }
        finally
        {
            await Docker.RunAsync("rmi", "-f", image);
        }
    }

    [Test]
    public async Task There_must_be_such_a_container()
    {
        using var reply = await Engine.Http.GetAsync("v1.43/containers/nobody-has-this-name/export");
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static async Task<List<string>> ExportAsync(string name)
    {
        using var tar = new MemoryStream();
        await (Docker.Command("export", name) with { Output = stream => stream.CopyToAsync(tar) }).RunAsync();
        tar.Position = 0;
        var entries = new List<string>();
        await using var reader = new TarReader(tar);
        while (await reader.GetNextEntryAsync() is { } entry) entries.Add(entry.LinkName.Length > 0 ? $"{entry.Name} -> {entry.LinkName}" : entry.Name);
        return entries;
    }
}
