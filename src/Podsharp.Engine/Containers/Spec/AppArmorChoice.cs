using Podsharp.Core.Containers;
using Podsharp.Core.Host;

namespace Podsharp.Engine.Containers.Spec;

/// <summary>The profile of AppArmor that a container's processes run under.</summary>
internal static class AppArmorChoice
{
    /// <summary>What the container asks for, else none for a privileged one, else what the configuration says, else the engine's own.</summary>
    /// <returns>Empty: none.</returns>
    public static async ValueTask<string> OfAsync(ContainerSpec spec, IHost host, EngineOptions options)
    {
        if (!host.Facts.AppArmor) return "";
        if (SecurityOptions.Parse(spec.Security.Options).AppArmorProfile is { } asked) return asked;
        if (spec.Security.Privileged) return "";
        return options.AppArmorProfile is { Length: > 0 } configured ? configured : await host.DefaultAppArmorProfileAsync();
    }
}
