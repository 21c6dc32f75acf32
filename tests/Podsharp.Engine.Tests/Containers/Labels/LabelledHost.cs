using Podsharp.Core.Containers;
using Podsharp.Core.Host;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers.Labels;

/// <summary>A machine with SELinux and the usual policy.</summary>
internal static class LabelledHost
{
    public static FakeHost New()
    {
        var host = new FakeHost();
        host.Facts = host.Facts with
        {
            SeLinux = true,
            Seccomp = false,
            Labels = new LabelDefaults(
                new SecurityLabel("system_u", "system_r", "container_t", "s0"), new SecurityLabel("system_u", "object_r", "container_file_t", "s0")),
        };
        return host;
    }
}
