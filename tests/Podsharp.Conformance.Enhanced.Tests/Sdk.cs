namespace Podsharp.Conformance.Tests;

/// <summary>What Docker.DotNet.Enhanced names differently than Docker.DotNet.</summary>
internal static class Sdk
{
    public static DockerClient Connect(string socket) => new DockerClientBuilder().WithEndpoint(new Uri($"unix://{socket}")).Build();

    public static Task<MultiplexedStream> AttachAsync(this DockerClient client, string container, bool tty, ContainerAttachParameters parameters)
    {
        _ = tty;
        return client.Containers.AttachContainerAsync(container, parameters, CancellationToken.None);
    }

    public static Task<MultiplexedStream> LogsAsync(this DockerClient client, string container, bool tty, ContainerLogsParameters parameters)
    {
        _ = tty;
        return client.Containers.GetContainerLogsAsync(container, parameters, CancellationToken.None);
    }

    public static async Task<string> CreateExecAsync(this DockerClient client, string container, bool stdin, bool tty, params string[] command)
    {
        var created = await client.Exec.CreateContainerExecAsync(container, new ContainerExecCreateParameters
        {
            AttachStdin = stdin,
            AttachStdout = true,
            AttachStderr = true,
            TTY = tty,
            Cmd = command,
        });
        return created.ID;
    }

    public static Task<MultiplexedStream> StartExecAsync(this DockerClient client, string exec, bool tty) =>
        client.Exec.StartContainerExecAsync(exec, new ContainerExecStartParameters { TTY = tty });
}
