using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Engine.Containers.Spec;

namespace Podsharp.Engine.Containers.Labels;

/// <summary>Chooses the labels of SELinux of a new container. They stay its own as long as it exists.</summary>
public sealed class ContainerLabels(IContainerStore containers, IHost host, EngineOptions options)
{
    private readonly CategoryPairs _pairs = new();

    /// <summary>InvalidInput when what is asked for is no label, or the containers to be joined have different ones. Dispose it when the container is in the store.</summary>
    /// <param name="spec">Containers that it joins are named by id.</param>
    internal Choice Choose(ContainerSpec spec)
    {
        if (!options.Labels || host.Facts.Labels is not { } defaults) return new Choice("", "", null);
        var words = SecurityOptions.Parse(spec.Security.Options).Labels;
        var asked = LabelOptions.Parse(words);
        if (asked.Disabled || (words.Count == 0 && IsOpen(spec)))
            return new Choice("", WithCategories(defaults.File, CategoryPairs.Apart).ToString(), null);
        if (words.Count == 0 && Joined(spec) is { } joined) return new Choice(joined.ProcessLabel, joined.MountLabel, null);

        // Else it would fail at the start, with words of the kernel that name no label.
        foreach (var label in words.Count == 0 ? [] : new[] { asked.Process(defaults.Process), asked.File(defaults.File) })
            if (!host.KnowsLabel(label)) throw EngineException.InvalidInput($"bad label option: the SELinux policy of this machine does not allow the label {label}");

        var pair = asked.Level is null && defaults.Process.Level.Length > 0 ? _pairs.Take(LevelsInUse()) : null;
        var (process, file) = pair is null
            ? (defaults.Process, defaults.File)
            : (WithCategories(defaults.Process, pair.Text), WithCategories(defaults.File, pair.Text));
        return new Choice(asked.Process(process).ToString(), asked.File(file).ToString(), pair);
    }

    /// <summary>One that cannot be kept apart says so among its options, whether or not the machine has SELinux: a copy of it is made by what is shown of it.</summary>
    internal static ContainerSpec Stated(ContainerSpec spec) => IsOpen(spec) && SecurityOptions.Parse(spec.Security.Options).Labels.Count == 0
        ? spec with { Security = spec.Security with { Options = [.. spec.Security.Options, "label=disable"] } }
        : spec;

    // Who shares the machine's processes or memory can't be kept apart from them.
    private static bool IsOpen(ContainerSpec spec) =>
        spec.Security.Privileged || spec.PidMode.Kind == NamespaceKind.Host || spec.IpcMode.Kind == NamespaceKind.Host;

    /// <summary>The container whose label it shares; null when there is none, or that one has none.</summary>
    private Container? Joined(ContainerSpec spec)
    {
        var labelled = new[] { spec.PidMode, spec.IpcMode }
            .Where(static mode => mode.Kind == NamespaceKind.Container)
            .Select(mode => containers.Find(ContainerId.Parse(mode.Value)))
            .OfType<Container>().Where(static container => container.ProcessLabel.Length > 0).ToList();
        if (labelled.Select(static container => container.ProcessLabel).Distinct().Count() > 1)
            throw EngineException.InvalidInput("--ipc and --pid containers SELinux labels aren't the same");
        return labelled.FirstOrDefault();
    }

    private IEnumerable<string> LevelsInUse() =>
        containers.All.Select(static container => SecurityLabel.TryParse(container.ProcessLabel)?.Level).OfType<string>();

    private static SecurityLabel WithCategories(SecurityLabel label, string categories) =>
        label.Level.Length == 0 ? label : label with { Level = $"{label.WithoutCategories.Level}:{categories}" };

    /// <param name="pair">What is to be given back once the record is there.</param>
    internal sealed class Choice(string process, string mount, IDisposable? pair) : IDisposable
    {
        public string Process => process;

        public string Mount => mount;

        public void Dispose() => pair?.Dispose();
    }
}
