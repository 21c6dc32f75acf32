namespace Podsharp.Conformance.Tests;

/// <summary>What Docker.DotNet names differently than Docker.DotNet.Enhanced.</summary>
internal static class Sdk
{
    public static DockerClient Connect(string socket)
    {
        using var configuration = new DockerClientConfiguration(new Uri($"unix://{socket}"));
        return configuration.CreateClient();
    }

    public static Task<MultiplexedStream> AttachAsync(this DockerClient client, string container, bool tty, ContainerAttachParameters parameters) =>
        client.Containers.AttachContainerAsync(container, tty, parameters);

    public static Task<MultiplexedStream> LogsAsync(this DockerClient client, string container, bool tty, ContainerLogsParameters parameters) =>
        client.Containers.GetContainerLogsAsync(container, tty, parameters);

    public static async Task<string> CreateExecAsync(this DockerClient client, string container, bool stdin, bool tty, params string[] command)
    {
        var created = await client.Exec.ExecCreateContainerAsync(container, new ContainerExecCreateParameters
        {
            AttachStdin = stdin,
            AttachStdout = true,
            AttachStderr = true,
            Tty = tty,
            Cmd = command,
        });
        return created.ID;
    }

    public static Task<MultiplexedStream> StartExecAsync(this DockerClient client, string exec, bool tty) => client.Exec.StartAndAttachContainerExecAsync(exec, tty);
}
