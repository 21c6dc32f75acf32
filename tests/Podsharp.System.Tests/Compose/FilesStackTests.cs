namespace Podsharp.System.Tests.Compose;

/// <summary>What services share by files: a named volume, secrets, configurations, directories of the project, environment files.</summary>
public sealed class FilesStackTests(ComposeGeneration generation) : StackTest(generation, "files")
{
    protected override string File => $$"""
        services:
          writer:
            image: {{Image}}
            init: true
            command: ["sh", "-c", "echo from the writer > /shared/note && exec sleep 1000"]
            volumes: ["shared:/shared"]
            env_file: [settings.env]
            environment: { MODE: production }
          reader:
            image: {{Image}}
            init: true
            command: ["sleep", "1000"]
            volumes: ["shared:/shared:ro", "./site:/site:ro"]
            tmpfs: ["/scratch"]
            secrets: [password, { source: password, target: renamed }]
            {{(Generation == ComposeGeneration.Two ? "configs: [{ source: settings, target: /etc/settings.conf }]" : "")}}
        volumes:
          shared:
        secrets:
          password: { file: ./password.txt }
        {{(Generation == ComposeGeneration.Two ? "configs: { settings: { file: ./settings.conf } }" : "")}}
        """;

    protected override async Task PrepareAsync(ComposeProject stack)
    {
        Directory.CreateDirectory(Path.Join(stack.Directory, "site"));
        await stack.WriteAsync("site/page", "of the project\n");
        await stack.WriteAsync("password.txt", "sesame\n");
        await stack.WriteAsync("settings.conf", "colour = blue\n");
        await stack.WriteAsync("settings.env", "GREETING=hello there\n");
    }

    [Test]
    public async Task A_volume_is_shared_between_services() =>
        Assert.That(
            await Eventually.SettleAsync(() => Stack.SayAsync("reader", "cat /shared/note || true"), text => text.Length > 0),
            Is.EqualTo("from the writer"));

    [Test]
    public async Task A_reader_cannot_write() =>
        Assert.That(await Stack.SayAsync("reader", "echo x 2>/dev/null > /shared/x || echo refused"), Does.EndWith("refused"));

    [TestCase("password")]
    [TestCase("renamed")]
    public async Task A_secret_is_a_file(string name) =>
        Assert.That(await Stack.SayAsync("reader", $"cat /run/secrets/{name}"), Is.EqualTo("sesame"));

    [Test]
    public async Task A_configuration_is_a_file()
    {
        OnlyGenerationTwo("configs");
        Assert.That(await Stack.SayAsync("reader", "cat /etc/settings.conf"), Is.EqualTo("colour = blue"));
    }

    [Test]
    public async Task A_directory_of_the_project_is_there() =>
        Assert.That(await Stack.SayAsync("reader", "cat /site/page && grep -c ' /scratch tmpfs ' /proc/mounts"), Is.EqualTo("of the project\n1"));

    [Test]
    public async Task Environment_comes_from_file_and_service() =>
        Assert.That(await Stack.SayAsync("writer", "echo $GREETING, $MODE"), Is.EqualTo("hello there, production"));
}
