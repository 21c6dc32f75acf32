namespace Podsharp.System.Tests.Life;

/// <summary>Commits that do not come to their end.</summary>
public sealed class CommitFailureTests : ServiceTest
{
    [Test]
    public async Task A_service_killed_in_a_commit_leaves_nothing_frozen_and_nothing_half_made()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("run", "-d", "--name", "busy", Image, "sh", "-c", "dd if=/dev/urandom of=/big bs=1M count=400 2>/dev/null; touch /done; exec sleep 600");
        await Eventually.SettleAsync(async () => await service.Docker.RunAsync("exec", "busy", "ls", "/done"), result => result.ExitCode == 0, 30);

        await using (service.Docker.Start("commit", "busy", "never:1"))
        {
            // Frozen first, then written; a command that asked for the state could come when all is over.
            var writing = await Eventually.SettleAsync(() => Directory.GetFileSystemEntries(Path.Join(service.Root, "tmp")), entries => entries.Length > 0);
            await service.KillAsync();
            Assert.That(writing, Is.Not.Empty);
        }

        await service.StartAgainAsync();

        await Eventually.SettleAsync(() => service.Docker.InspectAsync("busy", "{{.State.Status}}"), status => status == "running");
        Assert.That(await service.Docker.OutputAsync("exec", "busy", "echo", "thawed"), Is.EqualTo("thawed"));
        Assert.That(await service.Docker.LinesAsync("images", "-aq"), Has.Length.EqualTo(1));
        var staged = await Eventually.SettleAsync(() => Directory.GetFileSystemEntries(Path.Join(service.Root, "tmp")), entries => entries.Length == 0);
        Assert.That(staged, Is.Empty);
        await service.Docker.OutputAsync("rm", "-f", "busy");
    }

    [Test]
    public async Task A_commit_onto_a_full_disk_says_so_and_leaves_the_container_running()
    {
        await using var disk = await LoopFileSystem.CreateAsync(64, 4096);
        var service = await StartWithImageAsync(new ServiceSetup { Root = Path.Join(disk.MountPoint, "root") });
        await service.Docker.OutputAsync("run", "-d", "--name", "busy", Image, "sh", "-c", "dd if=/dev/urandom of=/big bs=1M count=35 2>/dev/null; touch /done; exec sleep 600");
        await Eventually.SettleAsync(async () => await service.Docker.RunAsync("exec", "busy", "ls", "/done"), result => result.ExitCode == 0, 30);

        var result = await service.Docker.RunAsync("commit", "busy", "never:1");

        Assert.That(result.ExitCode, Is.EqualTo(1));
        Assert.That(result.Error, Does.Contain("no space left"));
        Assert.That(await service.Docker.OutputAsync("exec", "busy", "echo", "thawed"), Is.EqualTo("thawed"));
        Assert.That(Directory.GetFileSystemEntries(Path.Join(service.Root, "tmp")), Is.Empty);
        Assert.That(Directory.GetDirectories(Path.Join(service.Root, "layers")), Has.Length.EqualTo(1));
        await service.Docker.OutputAsync("rm", "-f", "busy");
        await StopServicesAsync();
    }
}
