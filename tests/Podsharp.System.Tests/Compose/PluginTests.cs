namespace Podsharp.System.Tests.Compose;

/// <summary>Compose as a plugin of the docker command line.</summary>
public sealed class PluginTests
{
    [Test]
    public async Task Docker_compose_brings_a_stack_up_and_down()
    {
        if (await ComposeProgram.FindAsync(ComposeGeneration.Two) is not { } program)
        {
            Assert.Ignore("this machine has no docker-compose of generation 2");
            return;
        }

        await using var stack = await ComposeProject.CreateAsync(ComposeEngine.Engine, ComposeGeneration.Two, "plugin", $$"""
            services: { a: { image: {{BusyboxImage.Name}}, stop_grace_period: 0s, command: [sleep, "1000"] } }
            """);
        Directory.CreateDirectory(Path.Join(stack.Directory, "cli-plugins"));
        File.CreateSymbolicLink(Path.Join(stack.Directory, "cli-plugins", "docker-compose"), program);
        Task<string> ComposeAsync(params IReadOnlyList<string> arguments)
        {
            var docker = ComposeEngine.Engine.Docker.Command(["compose", "-p", stack.Name, "-f", Path.Join(stack.Directory, "docker-compose.yml"), .. arguments]);
            return (docker with { Environment = new Dictionary<string, string>(docker.Environment) { ["DOCKER_CONFIG"] = stack.Directory } }).OutputAsync();
        }

        await ComposeAsync("up", "-d");
        Assert.That(await ComposeAsync("ls", "--filter", $"name={stack.Name}", "--format", "json"), Does.Contain("running(1)"));
        Assert.That(await ComposeAsync("images", "-q"), Does.Match("^[0-9a-f]{64}$"));
        await ComposeAsync("down");

        Assert.That(await stack.RemainsAsync(), Is.Empty);
    }
}
