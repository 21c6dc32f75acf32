using Podsharp.Core.Containers;
using Podsharp.Core.Storage;

namespace Podsharp.Testing;

/// <summary>Every container's files are at "/root".</summary>
public sealed class FakeContainerViews : IContainerViews
{
    /// <summary>Views that were not closed yet.</summary>
    public int Open { get; private set; }

    public Task<IContainerView> OpenToReadAsync(Container container, bool mounts, CancellationToken cancellationToken) => Task.FromResult<IContainerView>(new View(this));

    public Task<IContainerView> OpenToWriteAsync(Container container, CancellationToken cancellationToken) => Task.FromResult<IContainerView>(new View(this));

    public IContainerView? OpenProcess(int pid) => null;

    private sealed class View : IContainerView
    {
        private readonly FakeContainerViews _owner;

        public View(FakeContainerViews owner)
        {
            _owner = owner;
            owner.Open++;
        }

        public string Root => "/root";

        public void Dispose() => _owner.Open--;
    }
}
