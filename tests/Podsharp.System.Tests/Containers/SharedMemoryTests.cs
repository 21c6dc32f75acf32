namespace Podsharp.System.Tests.Containers;

public sealed class SharedMemoryTests : EngineTest
{
    [Test]
    public async Task A_container_shares_the_memory_of_one_that_offers_it()
    {
        var donor = await RunDetachedAsync("--ipc", "shareable", "--network", "none", Image, "sleep", "1000");
        await Docker.OutputAsync("exec", donor, "touch", "/dev/shm/mine");

        Assert.That(await Docker.OutputAsync("run", "--rm", "--ipc", $"container:{donor}", "--network", "none", Image, "ls", "/dev/shm"), Is.EqualTo("mine"));
    }

    [Test]
    public async Task A_container_in_the_hosts_IPC_namespace_has_the_hosts_memory()
    {
        var name = $"podsharp-test-{Guid.NewGuid():N}";
        await File.WriteAllTextAsync($"/dev/shm/{name}", "");
        try
        {
            Assert.That(await Docker.LinesAsync("run", "--rm", "--ipc", "host", "--network", "none", Image, "ls", "/dev/shm"), Does.Contain(name));
        }
        finally
        {
            File.Delete($"/dev/shm/{name}");
        }
    }

    [TestCase("private")]
    [TestCase("none")]
    public async Task A_container_that_keeps_its_memory_to_itself_is_not_joined(string mode)
    {
        var donor = await RunDetachedAsync("--ipc", mode, "--network", "none", Image, "sleep", "1000");

        var result = await Docker.RunAsync("run", "--rm", "--ipc", $"container:{donor}", "--network", "none", Image, "true");

        Assert.That(result.ExitCode, Is.EqualTo(125));
        Assert.That(result.Error, Does.Contain("non-shareable IPC"));
    }
}
