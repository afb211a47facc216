#include "addon/mailbox.h"

#include <utility>

namespace ndl::addon {

std::shared_ptr<Mailbox> Mailbox::create(Napi::Env env, Receiver* receiver) {
  auto mailbox = std::make_shared<Mailbox>();
  mailbox->receiver_ = receiver;
  auto* context = new std::shared_ptr<Mailbox>(mailbox);
  const auto finalize = [](napi_env, void* data, void*) { delete static_cast<std::shared_ptr<Mailbox>*>(data); };
  const napi_status status =
      napi_create_threadsafe_function(env, nullptr, nullptr, Napi::String::New(env, "ndloom"), 0, 1, context, finalize,
                                      mailbox.get(), &Mailbox::deliver, &mailbox->channel_);
  if (status != napi_ok) {
    delete context;
    throw Napi::Error::New(env, "cannot create a channel to the event loop");
  }
  napi_unref_threadsafe_function(env, mailbox->channel_);
  return mailbox;
}

void Mailbox::keep_alive(Napi::Env env, bool alive) {
  if (channel_ == nullptr) return;
  (alive ? napi_ref_threadsafe_function : napi_unref_threadsafe_function)(env, channel_);
}

void Mailbox::close(bool env_ends) {
  const std::lock_guard lock(mutex_);
  const auto channel = std::exchange(channel_, nullptr);
  receiver_ = nullptr;
  if (channel != nullptr && !env_ends) napi_release_threadsafe_function(channel, napi_tsfn_release);
}

template <typename Add>
void Mailbox::add(Add add) {
  const std::lock_guard lock(mutex_);
  if (channel_ == nullptr) return;
  add();
  if (!scheduled_) scheduled_ = napi_call_threadsafe_function(channel_, nullptr, napi_tsfn_nonblocking) == napi_ok;
}

void Mailbox::post(int64_t run, RunEvent event) {
  add([&] {
    RunEvent& latest = mail_.events[run];
    if (event.sequence > latest.sequence) latest = std::move(event);
  });
}

void Mailbox::post_release(int64_t import) {
  add([&] { mail_.released.push_back(import); });
}

void Mailbox::deliver(napi_env env, napi_value, void* context, void*) {
  if (env == nullptr) return;  // the environment is going down
  const auto mailbox = static_cast<Mailbox*>(context)->shared_from_this();
  Mail mail;
  {
    const std::lock_guard lock(mailbox->mutex_);
    mail = std::exchange(mailbox->mail_, {});
    mailbox->scheduled_ = false;
  }
  if (mailbox->receiver_ == nullptr) return;
  try {
    mailbox->receiver_->receive(env, std::move(mail));
  } catch (const Napi::Error&) {
    // A worker_thread is being terminated: nothing can be made in JavaScript any more, and nobody is left to hear of it.
  }
}

}  // namespace ndl::addon
